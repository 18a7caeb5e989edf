import {
  frameSeconds,
  segmentCount,
  segmentFrames,
  type MadeRange,
  type Timeline,
} from "@upreel/core";
import type { Gap } from "./gaps.ts";
import type { ViewerPosition } from "./viewers.ts";

/** Nobody within this is shown a segment that is replaced: what players keep behind them, … */
const BEHIND_SECONDS = 60;
/** … and what they may have asked for ahead. */
const AHEAD_SECONDS = 120;
/** A run that begins where a viewer comes too near at once is for nothing. */
const BEGIN_AHEAD_SECONDS = 180;

/** Which segments may be made again. */
export interface RemakeView {
  readonly made: readonly MadeRange[];
  readonly timeline: Timeline;
  readonly viewers: readonly ViewerPosition[];
  readonly isLower: (model: string) => boolean;
  /** What the live playlist lists is not exchanged. */
  readonly isOnAir?: ((k: number) => boolean) | undefined;
  /** The next segment of a run that does it now: it goes on where it may. */
  readonly going?: number | undefined;
}

/**
 * The first segments in a row that a lower rung made, that no viewer may hold or ask for soon, and that
 * are not on air; those of a run that is at it come before. Undefined when there are none.
 */
export function nextRemake(view: RemakeView): Gap | undefined {
  const { made, timeline, viewers, isLower, isOnAir = () => false, going } = view;
  const count = segmentCount(timeline);
  const isFree = (k: number, aheadSeconds = AHEAD_SECONDS): boolean =>
    !isOnAir(k) && !viewers.some((viewer) => isNear(viewer, timeline, k, aheadSeconds));
  const gapIn = (from: number, to: number, aheadSeconds = BEGIN_AHEAD_SECONDS): Gap | undefined => {
    let first = from;
    while (first < to && !isFree(first, aheadSeconds)) first++;
    let end = first;
    while (end < Math.min(to, count) && isFree(end)) end++;
    return end > first ? { from: first, to: end } : undefined;
  };
  const lower = made.filter(({ model }) => isLower(model));
  const at = lower.find(({ from, to }) => going !== undefined && from <= going && going < to);
  if (at !== undefined && going !== undefined && isFree(going))
    return gapIn(going, at.to, AHEAD_SECONDS);
  for (const { from, to } of lower) {
    const gap = gapIn(from, to);
    if (gap !== undefined) return gap;
  }
  return undefined;
}

function isNear(
  { seconds, lastAsked }: ViewerPosition,
  timeline: Timeline,
  k: number,
  aheadSeconds: number,
): boolean {
  const { first, end } = segmentFrames(timeline, k);
  const asked =
    lastAsked === undefined
      ? seconds
      : frameSeconds(timeline, segmentFrames(timeline, lastAsked).end);
  return (
    frameSeconds(timeline, end) > seconds - BEHIND_SECONDS &&
    frameSeconds(timeline, first) < Math.max(seconds, asked) + aheadSeconds
  );
}
