import { cutMade, reviewPlan } from "../review-plan.ts";
import type { Plan } from "../ports.ts";
import { commit } from "./commit.ts";
import { withRecord } from "./record.ts";
import { allLeaveFrom, endAllRuns } from "./runs.ts";
import { settle } from "./settle.ts";
import type { State } from "./state.ts";
import { activePhase, inOrder, stay, withStep, type Part, type Seen, type Step } from "./step.ts";

/** All of the film was read that was planned by its first part. */
export function review(state: State, plan: Plan, whole: Plan | undefined, seen: Seen): Step {
  if (activePhase(state)?.step.at !== "making") return stay(state);
  const { record } = state;
  const { next, kept, isSame, found } = reviewPlan(plan, whole, record.timeline ?? plan.timeline);
  const { source, timeline } = next;
  if (isSame) {
    const same = withRecord(state, { source, timeline });
    return commit({ kind: "new-plan", plan: next })(same);
  }
  const message = `${record.title}: ${found}`;
  const isBefore = [...state.runs.values()].every((run) => run.next < kept);
  return inOrder(
    // Without a plan no run begins.
    withStep(state, { at: "replanning", next, kept }),
    (leaving) => stay(leaving, { kind: "log", level: "info", message }),
    isBefore ? allLeaveFrom(kept) : endAllRuns,
    isBefore ? replan : replanWithoutRuns,
    settle(seen),
  );
}

/** Where a run was making what differs. */
export const replanWithoutRuns: Part = (state) =>
  state.runs.size > 0 ? stay(state) : replan(state);

/** No run makes anything any more that the new plan says otherwise. */
const replan: Part = (state) => {
  const { phase, record } = state;
  if (phase.kind !== "working" || phase.step.at !== "replanning") return stay(state);
  const { next, kept } = phase.step;
  const { source, timeline, output } = next;
  const changed = {
    source,
    timeline,
    output,
    made: cutMade(record.made, kept),
    decoded: (record.decoded ?? []).slice(0, kept),
  };
  // One that is being written is followed from now on.
  const kind = timeline.growth === "going" ? "plan" : "new-plan";
  return commit(
    { kind, plan: next },
    { discardFrom: kept, setsTimeline: true },
  )(withRecord(withStep(state, { at: "planning" }), changed));
};
