import type { StreamFolder } from "@upreel/core";
import type { Plan, Planner } from "./ports.ts";
import type { RecordKeeper } from "./record-keeper.ts";
import { unevenTracks } from "./uneven-tracks.ts";

/** Probes and plans a film; one that was planned before a restart only gets its ladder. */
export async function planFilm(
  record: RecordKeeper,
  folder: StreamFolder,
  planner: Planner,
  signal: AbortSignal,
): Promise<Plan> {
  const { source, timeline, output, profile, file } = record.now;
  if (source !== undefined && timeline !== undefined && output !== undefined) {
    const ladder = await planner.ladderFor(profile, timeline, output);
    return { source, timeline, output, ladder };
  }
  const planned = await planner.plan(file, profile, signal);
  signal.throwIfAborted();
  await record.save({
    source: planned.source,
    timeline: planned.timeline,
    output: planned.output,
  });
  const uneven = unevenTracks(record.now);
  if (uneven !== undefined) record.keep({ reason: uneven });
  await folder.setTimeline(planned.timeline);
  return planned;
}
