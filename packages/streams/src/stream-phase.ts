import type { StreamState } from "@upreel/core";
import type { Run } from "./run.ts";

/** What a stream does now; the state in its record is what of it is worth keeping over a restart. */
export type StreamPhase =
  | {
      readonly kind: "resting";
      readonly state: "idle" | "complete" | "failed" | "cancelled" | "paused";
    }
  | {
      readonly kind: "working";
      /** Aborts all that is done for it. */
      readonly job: AbortController;
      readonly step: "unplanned" | "planning" | "making" | "archiving" | "failing";
      readonly isPaused: boolean;
      /** Its turn among streams that need a place alike. */
      readonly order: number;
    };

/**
 * The state that people are told. `queued`: it waits for a place. `isFollowing`: of a film that is being
 * written all is made that there is.
 */
export function stateOf(
  phase: StreamPhase,
  runs: readonly Run[],
  isFollowing: boolean,
): StreamState {
  if (phase.kind === "resting") return phase.state;
  if (phase.isPaused) return "paused";
  if (phase.step === "unplanned") return "queued";
  if (phase.step !== "making") return "starting";
  const going = runs.filter(({ live }) => live.phase !== "parked");
  if (going.length === 0) return isFollowing ? "running" : "queued";
  return going.some(({ live, isStarting }) => live.phase === "working" && !isStarting)
    ? "running"
    : "starting";
}
