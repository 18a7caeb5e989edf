import {
  requireSameFile,
  settledFile,
  type FileIdentity,
  type StreamRecord,
  profileNow,
} from "@upreel/core";
import type { Plan, Planner } from "../ports.ts";
import { explainUnreadable, isFresh, watchGrowth, type GrowthWatch } from "./watch-growth.ts";

export interface FreshFilmParts extends GrowthWatch {
  readonly planner: Planner;
  /** The file is another one by now: longer, or one that may get longer. */
  readonly onSeen: (file: FileIdentity) => void;
}

/**
 * Plans a film whose file was written to shortly before it was triggered: one that is being written is
 * planned as far as it is certain. Throws `source_growing` while nothing of it is.
 */
export async function planFreshFilm(
  record: Pick<StreamRecord, "profile" | "choice" | "file" | "reason">,
  { planner, onSeen, ...watch }: FreshFilmParts,
  signal: AbortSignal,
): Promise<{ readonly plan: Plan; readonly file: FileIdentity }> {
  const { file: before, reason } = record;
  const profile = profileNow(record);
  const found = await watch.sources.lookAgain(before);
  requireSameFile(before, found);
  if (!isFresh(found, watch.clock)) {
    return { plan: await planner.plan(found, profile, signal), file: found };
  }
  const file = { ...found, mayGrow: true };
  onSeen(file);
  const refuse =
    (seen: FileIdentity) =>
    (thrown: unknown): Promise<never> =>
      explainUnreadable(thrown, { file: seen, reason }, watch, signal);
  const plan = await planner.plan(file, profile, signal).catch(refuse(file));
  const grown = await watchGrowth(file, plan.ending, watch, signal);
  if (grown === undefined) return { plan: settled(plan), file: settledFile(file) };
  onSeen(grown);
  const growing = planner.planGrowing(grown, profile, signal).catch(refuse(grown));
  return { plan: await growing, file: grown };
}

const settled = (plan: Plan): Plan => ({ ...plan, source: settledFile(plan.source) });
