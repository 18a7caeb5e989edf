import { requireSameFile, settledFile, type Clock, type FileIdentity } from "@upreel/core";
import type { Plan, Planner, Sources } from "../ports.ts";
import type { RecordKeeper } from "../record-keeper.ts";
import { explainUnreadable, isFresh, watchGrowth } from "./watch-growth.ts";

export interface FreshFilmParts {
  readonly record: RecordKeeper;
  readonly planner: Planner;
  readonly sources: Sources;
  readonly clock: Clock;
}

/**
 * Plans a film whose file was written to shortly before it was triggered: one that is being written is
 * planned as far as it is certain. Throws `source_growing` while nothing of it is.
 */
export async function planFreshFilm(
  { record, planner, sources, clock }: FreshFilmParts,
  signal: AbortSignal,
): Promise<{ readonly plan: Plan; readonly file: FileIdentity }> {
  const { profile, file: before } = record.now;
  const found = await sources.lookAgain(before);
  requireSameFile(before, found);
  if (!isFresh(found, clock)) {
    return { plan: await planner.plan(found, profile, signal), file: found };
  }
  const file = { ...found, mayGrow: true };
  record.set({ file });
  const refuse = (thrown: unknown): Promise<never> =>
    explainUnreadable(thrown, record.now, { sources, clock }, signal);
  const plan = await planner.plan(file, profile, signal).catch(refuse);
  const grown = await watchGrowth(file, plan.ending, { sources, clock }, signal);
  if (grown === undefined) return { plan: settled(plan), file: settledFile(file) };
  record.set({ file: grown });
  return { plan: await planner.planGrowing(grown, profile, signal).catch(refuse), file: grown };
}

const settled = (plan: Plan): Plan => ({ ...plan, source: settledFile(plan.source) });
