import type { StreamState } from "@upreel/core";
import { isWhole } from "./gaps.ts";
import type { State } from "./life/state.ts";

/**
 * The state that people are told. `queued`: it waits for a place. A film of which all is made is `running` or `queued`
 * only where a better rung makes some of it again (`isToImprove`); else it is `starting`: it is looked through and put together.
 */
export function stateOf(
  { phase, runs, record }: State,
  ready: ReadonlySet<number>,
  isWatched: boolean,
  isToImprove: () => boolean,
): StreamState {
  if (phase.kind === "resting") return phase.state;
  if (phase.isPaused) return "paused";
  if (phase.step.at === "unplanned") return "queued";
  if (phase.step.at !== "making") return "starting";
  const going = [...runs.values()].filter((run) => run.phase !== "parked");
  const { timeline } = record;
  const isMade = timeline !== undefined && isWhole(ready, timeline);
  // It waits for no place, but for what is written of the film.
  if (isMade && timeline.growth === "going") return "running";
  if (isMade && going.every(({ kind }) => kind !== "remake")) {
    if (!isToImprove()) return "starting";
    // A viewer is where it is to be improved.
    return isWatched ? "running" : "queued";
  }
  if (going.some((run) => run.phase === "working")) return "running";
  return going.length > 0 ? "starting" : "queued";
}
