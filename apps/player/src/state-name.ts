import type { StreamStatus } from "@upreel/core";
import { isOriginalOnly } from "./dashboard/actions.ts";
import { strings } from "./strings.ts";

/**
 * The state in words. A film all of whose segments are there does not start, nor wait: it is put
 * together, or parts of it that a faster model made are made again, as soon as they may be.
 */
export function stateName(status: Pick<StreamStatus, "state" | "ratio" | "reason">): string {
  const { state, ratio } = status;
  if (isOriginalOnly(status)) return strings.originalOnly;
  if (ratio < 1) return strings.states[state];
  if (state === "starting") return strings.finishing;
  return isImproved(state) ? strings.improving : strings.states[state];
}

/** What stands behind a state that does not explain itself. */
export function stateHint({
  state,
  ratio,
}: Pick<StreamStatus, "state" | "ratio">): string | undefined {
  if (ratio < 1 || state === "complete") return undefined;
  return isImproved(state) ? strings.improvingHint : strings.finishingHint;
}

const isImproved = (state: StreamStatus["state"]): boolean =>
  state === "running" || state === "queued";
