import type { Timeline } from "@upreel/core";
import type { LadderRung, Plan, Planner } from "../ports.ts";
import { OUTPUT, source } from "./films.ts";
import type { Hooks } from "./world-hooks.ts";

/** Plans what `hooks` say at that moment. */
export function fakePlanner(hooks: Hooks, ladder: readonly LadderRung[]): Planner {
  return {
    async plan(file, _, signal): Promise<Plan> {
      await hooks.beforePlan(signal);
      const plan = { source: { ...source(file.path), ...file }, output: OUTPUT, ladder };
      return { ...plan, timeline: hooks.timeline, ...hooks.plan };
    },
    async planWhole(file, _, signal): Promise<Plan> {
      const timeline = await hooks.wholeTimeline(signal);
      const plan = { source: { ...source(file.path), ...file }, output: OUTPUT, ladder };
      return { ...plan, timeline, ...hooks.wholePlan };
    },
    async planGrowing(file): Promise<Plan> {
      const grown = await hooks.grownTimeline();
      const timeline: Timeline = { ...grown, growth: "going" };
      return { source: { ...source(file.path), ...file }, output: OUTPUT, ladder, timeline };
    },
    follow: () => ({
      look: async () => ({ ...(await hooks.grownTimeline()), growth: "going" }) as const,
      [Symbol.dispose]: () => {},
    }),
    ladderFor: () => Promise.resolve(ladder),
  };
}
