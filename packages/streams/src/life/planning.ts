import { toReason, type UpreelError } from "@upreel/core";
import type { Plan } from "../ports.ts";
import { withLadder } from "../rungs.ts";
import { unevenTracks } from "../uneven-tracks.ts";
import { commit } from "./commit.ts";
import type { Effect } from "./effects.ts";
import type { Answer, Given } from "./events.ts";
import { beginOutage, endOutage } from "./outage.ts";
import { fail } from "./phases.ts";
import { withRecord } from "./record.ts";
import { beginRun, resumeRun } from "./runs.ts";
import { settle } from "./settle.ts";
import type { State } from "./state.ts";
import { activePhase, inOrder, stay, withStep, type Part, type Seen, type Step } from "./step.ts";

/** Goes on with these of its needs. */
export const takePlaces = (state: State, given: readonly Given[], seen: Seen): Step =>
  inOrder(state, ...given.map((each) => takePlace(each, seen)));

const takePlace =
  ({ need, runId }: Given, seen: Seen): Part =>
  (state) => {
    const phase = activePhase(state);
    if (need.run !== undefined) return resumeRun(need.run)(state);
    if (phase === undefined || phase.isPaused || need.isAtWork) return stay(state);
    if (need.kind !== "plan") {
      const { step } = phase;
      return step.at === "making" ? beginRun(state, need, runId, step.plan, seen) : stay(state);
    }
    if (phase.step.at !== "unplanned") return stay(state);
    return stay(withStep(state, { at: "planning" }), { kind: "plan", life: state.life });
  };

/** The film is planned. */
export function plan(
  state: State,
  { plan: planned, file, fingerprint }: Extract<Answer, { kind: "planned" }>,
  seen: Seen,
): Step {
  if (activePhase(state)?.step.at !== "planning") return stay(state);
  // It was planned before a restart, and only got its ladder.
  if (file === undefined) return inOrder(state, endOutage, adopt(planned, seen));
  return inOrder(state, endOutage, (readable) => {
    const { source, timeline, output } = planned;
    const known = withRecord(readable, { file, fingerprint, source, timeline, output });
    const uneven = unevenTracks(known.record);
    const told = uneven === undefined ? known : withRecord(known, { reason: uneven });
    return commit({ kind: "plan", plan: planned }, { setsTimeline: true })(told);
  });
}

/** Runs may begin by the plan. */
export const adopt =
  (planned: Plan, seen: Seen): Part =>
  (state) => {
    if (activePhase(state)?.step.at !== "planning") return stay(state);
    const { life } = state;
    const { isProvisional, growth } = planned.timeline;
    const more: Effect[] = [
      ...(isProvisional === true ? [{ kind: "review", life, plan: planned } as const] : []),
      ...(growth === "going" ? [{ kind: "follow", life, plan: planned } as const] : []),
      // Somebody may have chosen while it was planned.
      ...(state.record.choice === undefined
        ? []
        : [{ kind: "ladder", life, plan: planned } as const]),
    ];
    return inOrder(
      withStep(state, { at: "making", plan: planned }),
      (making) => ({
        state: { ...making, rungs: withLadder(making.rungs, planned.ladder, seen.nowMs) },
        effects: more,
      }),
      settle(seen),
    );
  };

/** Runs go by another plan from now on. */
export const adoptAnew =
  (planned: Plan, seen: Seen): Part =>
  (state) => {
    const at = activePhase(state)?.step.at;
    if (at !== "making" && at !== "planning") return stay(state);
    return inOrder(withStep(state, { at: "making", plan: planned }), settle(seen));
  };

export function failToPlan(state: State, error: UpreelError, seen: Seen): Step {
  if (activePhase(state)?.step.at !== "planning") return stay(state);
  const mayPass = error.code === "source_unavailable" || error.code === "source_growing";
  if (!mayPass) return fail(error, seen)(state);
  return inOrder(
    withStep(state, { at: "unplanned" }),
    (waiting) => beginOutage(waiting, toReason(error), seen.nowMs),
    settle(seen),
  );
}

/** The film that is being written is longer, or whole. */
export function grow(
  state: State,
  { plan: longer, file, fingerprint }: Extract<Answer, { kind: "grown" }>,
): Step {
  if (activePhase(state)?.step.at !== "making") return stay(state);
  const { source, timeline } = longer;
  return commit(
    { kind: "new-plan", plan: longer },
    { setsTimeline: true },
  )(withRecord(state, { file, fingerprint, source, timeline }));
}
