import { segmentFrames, toNumber, type Timeline } from "@upreel/core";
import type { RunView } from "./stream-status.ts";

/** A viewer waits this long for a run to get there rather than start one at the place. */
const REACH_SECONDS = 2.5;

/** Whether the run will have made segment `k` about as soon as a run started there would. */
export function isWithinReach(run: RunView, timeline: Timeline, k: number): boolean {
  if (k < run.gap.from || k >= run.gap.to) return false;
  const runFirst = segmentFrames(timeline, run.gap.from).first;
  const { first, end } = segmentFrames(timeline, k);
  const missing = end - (runFirst + run.progress.frames);
  // Until the first figures are in, real time is assumed.
  const fps = run.progress.fps > 0 ? run.progress.fps : toNumber(timeline.rate);
  return missing <= end - first || missing / fps <= REACH_SECONDS + (end - first) / fps;
}
