import type { StreamStatus } from "@upreel/core";
import { isOriginalOnly } from "./actions.ts";
import { strings } from "../strings.ts";

/** What a film of which all is made still waits for, or what its picture lacks. */
type Made = "improving" | "finishing" | "following" | "enlarged";
type Shown = Pick<StreamStatus, "state" | "ratio" | "growing" | "plain">;

/** The state in words. A film all of whose segments are there does not start, nor wait for its turn. */
export function stateName(status: Shown & Pick<StreamStatus, "reason">): string {
  if (isOriginalOnly(status)) return strings.originalOnly;
  const made = madeOf(status);
  return made === undefined ? strings.states[status.state] : strings[made];
}

/** What stands behind a state that does not explain itself. */
export function stateHint(status: Shown): string | undefined {
  const made = madeOf(status);
  return made === undefined ? undefined : strings[`${made}Hint`];
}

function madeOf({ state, ratio, growing, plain }: Shown): Made | undefined {
  if (state === "complete") return plain ? "enlarged" : undefined;
  if (ratio < 1 || (state !== "starting" && state !== "running" && state !== "queued"))
    return undefined;
  if (growing) return "following";
  return state === "starting" ? "finishing" : "improving";
}
