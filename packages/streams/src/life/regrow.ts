import type { Reason } from "@upreel/core";
import { reviewPlan } from "../review-plan.ts";
import type { Answer } from "./events.ts";
import { withRecord } from "./record.ts";
import { replanWithoutRuns } from "./replan.ts";
import { endAllRuns } from "./runs.ts";
import { settle } from "./settle.ts";
import type { State } from "./state.ts";
import { activePhase, inOrder, stay, withStep, type Seen, type Step } from "./step.ts";

/** A run found its source longer than it was planned: no run goes on before it is planned anew. */
export function beginRegrowing(state: State, problem: Reason): Step {
  const step = activePhase(state)?.step;
  // Else it is planned anew already, or soon.
  if (step?.at !== "making") return stay(state);
  const { life, record } = state;
  const message = `${record.title}: ${problem.message}; it is planned anew`;
  return inOrder(
    withStep(state, { at: "planning" }),
    (planning) =>
      stay(
        planning,
        { kind: "log", level: "info", message, details: problem },
        // What reads it to its end reads another end.
        { kind: "abort-jobs" },
      ),
    endAllRuns,
    (planning) => stay(planning, { kind: "regrow", life, plan: step.plan }),
  );
}

/** It is planned by what there is now. What is made stays, but for what the old end had cut short. */
export function regrow(
  state: State,
  { said, found, file, fingerprint }: Extract<Answer, { kind: "regrown" }>,
  seen: Seen,
): Step {
  if (activePhase(state)?.step.at !== "planning") return stay(state);
  const { record } = state;
  const review = reviewPlan(said, found, record.timeline ?? said.timeline);
  const { next, kept } = review;
  const message = `${record.title}: ${review.found}`;
  return inOrder(
    withStep(withRecord(state, { file, fingerprint }), { at: "replanning", next, kept }),
    (replanning) => stay(replanning, { kind: "log", level: "info", message }),
    replanWithoutRuns,
    settle(seen),
  );
}
