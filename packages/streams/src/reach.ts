import { segmentFrames, toNumber, type Timeline } from "@upreel/core";

/** A viewer waits this long for a run to get there rather than have one started at the place. */
const REACH_SECONDS = 2.5;

/** Where a run is and how fast it goes. */
export interface Pace {
  /** Frames of the timeline that are made, counted from its first one. */
  readonly frame: number;
  /** 0 until the first figures are in: then real time is assumed. */
  readonly fps: number;
}

/**
 * Whether a run will have made segment `k` about as soon as one started there would, or before a
 * viewer who has `leadSeconds` ready needs it.
 */
export function isWithinReach(
  pace: Pace,
  timeline: Timeline,
  k: number,
  leadSeconds: number,
): boolean {
  const { first, end } = segmentFrames(timeline, k);
  const missing = end - pace.frame;
  const fps = pace.fps > 0 ? pace.fps : toNumber(timeline.rate);
  return (
    missing <= end - first || missing / fps <= REACH_SECONDS + leadSeconds + (end - first) / fps
  );
}
