import type { StreamStatus } from "@upreel/core";
import { isOriginalOnly } from "./dashboard/actions.ts";
import { strings } from "./strings.ts";

/**
 * The state in words. A film all of whose segments are there does not start, nor wait for a place: it is put
 * together, or parts of it that a faster model made are made again.
 */
export function stateName(status: Pick<StreamStatus, "state" | "ratio" | "reason">): string {
  const { state, ratio } = status;
  if (isOriginalOnly(status)) return strings.originalOnly;
  if (ratio < 1) return strings.states[state];
  if (state === "starting" || state === "queued") return strings.finishing;
  return state === "running" ? strings.improving : strings.states[state];
}

/** What stands behind a state that does not explain itself. */
export function stateHint({
  state,
  ratio,
}: Pick<StreamStatus, "state" | "ratio">): string | undefined {
  if (ratio < 1 || state === "complete") return undefined;
  return state === "running" ? strings.improvingHint : strings.finishingHint;
}
