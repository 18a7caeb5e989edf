import type { Clock, FileIdentity, StreamRecord } from "@upreel/core";
import { planFreshFilm } from "./growth/plan-fresh-film.ts";
import type { Plan, Planner, Sources } from "./ports.ts";

export interface PlanParts {
  readonly planner: Planner;
  readonly sources: Sources;
  readonly clock: Clock;
  /** The file is another one by now: longer, or one that may get longer. */
  readonly onSeen: (file: FileIdentity) => void;
}

export interface PlannedFilm {
  readonly plan: Plan;
  /** As it was when it was planned; undefined: the record has the plan already. */
  readonly file: FileIdentity | undefined;
}

/** Probes and plans a film; one that was planned before a restart only gets its ladder. */
export async function planFilm(
  record: StreamRecord,
  parts: PlanParts,
  signal: AbortSignal,
): Promise<PlannedFilm> {
  const { planner } = parts;
  const { source, timeline, output, profile, file } = record;
  if (source !== undefined && timeline !== undefined && output !== undefined) {
    const ladder = await planner.ladderFor(profile, timeline, output);
    return { plan: { source, timeline, output, ladder }, file: undefined };
  }
  if (file.mayGrow === true) return planFreshFilm(record, parts, signal);
  return { plan: await planner.plan(file, profile, signal), file };
}
