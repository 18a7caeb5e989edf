import {
  requireSameFile,
  settledFile,
  type Clock,
  type FileIdentity,
  type StreamRecord,
  profileNow,
} from "@upreel/core";
import type { Plan, Planner, Sources } from "../ports.ts";
import { explainUnreadable, isFresh, watchGrowth } from "./watch-growth.ts";

export interface FreshFilmParts {
  readonly planner: Planner;
  readonly sources: Sources;
  readonly clock: Clock;
  /** The file is another one by now: longer, or one that may get longer. */
  readonly onSeen: (file: FileIdentity) => void;
}

/**
 * Plans a film whose file was written to shortly before it was triggered: one that is being written is
 * planned as far as it is certain. Throws `source_growing` while nothing of it is.
 */
export async function planFreshFilm(
  record: Pick<StreamRecord, "profile" | "choice" | "file" | "reason">,
  { planner, sources, clock, onSeen }: FreshFilmParts,
  signal: AbortSignal,
): Promise<{ readonly plan: Plan; readonly file: FileIdentity }> {
  const { file: before, reason } = record;
  const profile = profileNow(record);
  const found = await sources.lookAgain(before);
  requireSameFile(before, found);
  if (!isFresh(found, clock)) {
    return { plan: await planner.plan(found, profile, signal), file: found };
  }
  const file = { ...found, mayGrow: true };
  onSeen(file);
  const refuse =
    (seen: FileIdentity) =>
    (thrown: unknown): Promise<never> =>
      explainUnreadable(thrown, { file: seen, reason }, { sources, clock }, signal);
  const plan = await planner.plan(file, profile, signal).catch(refuse(file));
  const grown = await watchGrowth(file, plan.ending, { sources, clock }, signal);
  if (grown === undefined) return { plan: settled(plan), file: settledFile(file) };
  onSeen(grown);
  const growing = planner.planGrowing(grown, profile, signal).catch(refuse(grown));
  return { plan: await growing, file: grown };
}

const settled = (plan: Plan): Plan => ({ ...plan, source: settledFile(plan.source) });
