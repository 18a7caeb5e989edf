import type { Clock, StreamFolder } from "@upreel/core";
import { planFreshFilm } from "./growth/plan-fresh-film.ts";
import type { Plan, Planner, Sources } from "./ports.ts";
import type { RecordKeeper } from "./record-keeper.ts";
import { unevenTracks } from "./uneven-tracks.ts";

export interface PlanParts {
  readonly record: RecordKeeper;
  readonly folder: StreamFolder;
  readonly planner: Planner;
  readonly sources: Sources;
  readonly clock: Clock;
}

/** Probes and plans a film; one that was planned before a restart only gets its ladder. */
export async function planFilm(parts: PlanParts, signal: AbortSignal): Promise<Plan> {
  const { record, folder, planner } = parts;
  const { source, timeline, output, profile, file } = record.now;
  if (source !== undefined && timeline !== undefined && output !== undefined) {
    const ladder = await planner.ladderFor(profile, timeline, output);
    return { source, timeline, output, ladder };
  }
  const { plan: planned, file: known } =
    file.mayGrow === true
      ? await planFreshFilm(parts, signal)
      : { plan: await planner.plan(file, profile, signal), file };
  signal.throwIfAborted();
  await record.save({
    file: known,
    source: planned.source,
    timeline: planned.timeline,
    output: planned.output,
  });
  const uneven = unevenTracks(record.now);
  if (uneven !== undefined) record.keep({ reason: uneven });
  await folder.setTimeline(planned.timeline);
  return planned;
}
