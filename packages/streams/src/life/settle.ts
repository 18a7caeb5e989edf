import { isDone } from "./stream-needs.ts";
import { withStep, stay, type Part, type Seen, type Step } from "./step.ts";

/** After a step: a film of which all is made is archived, and places are given anew. */
export const settle =
  (seen: Seen): Part =>
  (state): Step => {
    const notices = [{ kind: "need-places" }, { kind: "tell" }] as const;
    if (!isDone(state, seen)) return stay(state, ...notices);
    const { life } = state;
    return stay(withStep(state, { at: "archiving" }), { kind: "archive", life }, ...notices);
  };
