import { settledFile, type FileIdentity, type Profile, type Clock } from "@upreel/core";
import type { Plan, Planner } from "@upreel/streams";

/** Long enough to read about a film and then play it. */
const KEPT_MS = 10 * 60_000;
const MAX_PLANS = 50;

/** Whether it may grow is asked when it is triggered: it is the same file. */
const keyOf = (file: FileIdentity, profile: Profile): string =>
  JSON.stringify([settledFile(file), profile]);

/** Undefined when it fails: the film is planned anew then. Throws the abort reason. */
async function unlessAborted(plan: Promise<Plan>, signal: AbortSignal): Promise<Plan | undefined> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([plan.catch(() => undefined), aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** A planner that remembers; what was planned beforehand is there at once. */
export interface PlanCache extends Planner {
  /** Plans a film that somebody may play. */
  prepare(file: FileIdentity, profile: Profile): Promise<Plan>;
}

export function cachePlans(planner: Planner, clock: Clock): PlanCache {
  const plans = new Map<string, { readonly plan: Promise<Plan>; readonly atMs: number }>();
  const prepare = (file: FileIdentity, profile: Profile): Promise<Plan> => {
    const key = keyOf(file, profile);
    const known = plans.get(key);
    if (known !== undefined && clock.nowMs() - known.atMs < KEPT_MS) return known.plan;
    const plan = planner.plan(file, profile, AbortSignal.timeout(60_000));
    plans.set(key, { plan, atMs: clock.nowMs() });
    plan.catch(() => plans.delete(key));
    for (const oldest of plans.keys()) if (plans.size > MAX_PLANS) plans.delete(oldest);
    return plan;
  };
  return {
    prepare,
    async plan(file, profile, signal) {
      const key = keyOf(file, profile);
      const known = plans.get(key);
      // Used once: the next time the machine may have been measured, or the settings changed.
      plans.delete(key);
      const isFresh = known !== undefined && clock.nowMs() - known.atMs < KEPT_MS;
      const plan = isFresh ? await unlessAborted(known.plan, signal) : undefined;
      return plan ?? planner.plan(file, profile, signal);
    },
    planWhole: (...given) => planner.planWhole(...given),
    planGrowing: (...given) => planner.planGrowing(...given),
    follow: (...given) => planner.follow(...given),
    ladderFor: (...given) => planner.ladderFor(...given),
  };
}
