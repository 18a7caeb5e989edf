import type { Committed } from "./events.ts";
import { stay, type Part } from "./step.ts";

/**
 * Has the record on the disk, and then the timeline that it tells of, before `what` is gone by. Until then
 * the film is not archived.
 */
export const commit =
  (
    what: Committed,
    more: { readonly discardFrom?: number; readonly setsTimeline?: boolean } = {},
  ): Part =>
  (state) =>
    stay(
      { ...state, commits: state.commits + 1 },
      { kind: "commit", life: state.life, what, ...more },
    );
