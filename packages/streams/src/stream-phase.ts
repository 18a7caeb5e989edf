import type { StreamState } from "@upreel/core";
import { isWhole } from "./gaps.ts";
import type { State } from "./life/state.ts";

/** The state that people are told. `queued`: it waits for a place. */
export function stateOf(
  { phase, runs, record }: State,
  ready: ReadonlySet<number>,
  isWatched: boolean,
): StreamState {
  if (phase.kind === "resting") return phase.state;
  if (phase.isPaused) return "paused";
  if (phase.step.at === "unplanned") return "queued";
  if (phase.step.at !== "making") return "starting";
  const going = [...runs.values()].filter((run) => run.phase !== "parked");
  if (going.some((run) => run.phase === "working")) return "running";
  if (going.length > 0) return "starting";
  // All is made that there is: it waits for no place, but for what is written of the film, or for its viewers to be gone.
  const { timeline } = record;
  const isMade = timeline !== undefined && isWhole(ready, timeline);
  return isMade && (timeline.growth === "going" || isWatched) ? "running" : "queued";
}
