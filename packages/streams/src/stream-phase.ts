import type { StreamState } from "@upreel/core";
import { isWhole } from "./gaps.ts";
import type { State } from "./life/state.ts";

/** The state that people are told. `queued`: it waits for a place. */
export function stateOf({ phase, runs, record }: State, ready: ReadonlySet<number>): StreamState {
  if (phase.kind === "resting") return phase.state;
  if (phase.isPaused) return "paused";
  if (phase.step.at === "unplanned") return "queued";
  if (phase.step.at !== "making") return "starting";
  const going = [...runs.values()].filter((run) => run.phase !== "parked");
  if (going.some((run) => run.phase === "working")) return "running";
  if (going.length > 0) return "starting";
  // Of a film that is being written all is made that there is.
  const { timeline } = record;
  const isFollowing = timeline?.growth === "going" && isWhole(ready, timeline);
  return isFollowing ? "running" : "queued";
}
