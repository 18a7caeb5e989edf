import { profileNow, toUpreelError, type FileIdentity, type StreamRecord } from "@upreel/core";
import { fingerprintOf } from "./growth/fingerprint.ts";
import { planFreshFilm, type FreshFilmParts } from "./growth/plan-fresh-film.ts";
import type { Plan } from "./ports.ts";

export interface PlannedFilm {
  readonly plan: Plan;
  /** As it was when it was planned; undefined: the record has the plan already. */
  readonly file: FileIdentity | undefined;
  /** Of that file; undefined: it is being written, or could not be read. */
  readonly fingerprint?: string | undefined;
}

/** Probes and plans a film; one that was planned before a restart only gets its ladder. */
export async function planFilm(
  record: StreamRecord,
  parts: FreshFilmParts,
  signal: AbortSignal,
): Promise<PlannedFilm> {
  const { planner } = parts;
  const { source, timeline, output, file } = record;
  if (source !== undefined && timeline !== undefined && output !== undefined) {
    const ladder = await planner.ladderFor(profileNow(record), timeline, output);
    return { plan: { source, timeline, output, ladder }, file: undefined };
  }
  const planned =
    file.mayGrow === true
      ? await planFreshFilm(record, parts, signal)
      : await planSettledFilm(record, parts, signal);
  return { ...planned, fingerprint: await fingerprintOf(planned.file, parts) };
}

/** Nothing is made of it yet: one that got longer while it waited for its turn is planned as it is now. */
async function planSettledFilm(
  record: StreamRecord,
  parts: FreshFilmParts,
  signal: AbortSignal,
): Promise<{ readonly plan: Plan; readonly file: FileIdentity }> {
  const { file } = record;
  try {
    return { plan: await parts.planner.plan(file, profileNow(record), signal), file };
  } catch (thrown) {
    signal.throwIfAborted();
    if (toUpreelError(thrown).code !== "source_growing") throw thrown;
    return await planFreshFilm({ ...record, file: { ...file, mayGrow: true } }, parts, signal);
  }
}
