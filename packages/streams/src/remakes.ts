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

/**
 * The first segments in a row that a lower rung made, that no viewer may hold or ask for soon, and that
 * are not on air: what the live playlist lists is not exchanged. Undefined when there are none.
 */
export function nextRemake(
  made: readonly MadeRange[],
  timeline: Timeline,
  viewers: readonly ViewerPosition[],
  isLower: (model: string) => boolean,
  isOnAir: (k: number) => boolean = () => false,
): Gap | undefined {
  const count = segmentCount(timeline);
  for (const { from, to, model } of made) {
    if (!isLower(model)) continue;
    const isFree = (k: number): boolean =>
      !isOnAir(k) && !viewers.some((viewer) => isNear(viewer, timeline, k));
    let first = from;
    while (first < to && !isFree(first)) first++;
    let end = first;
    while (end < Math.min(to, count) && isFree(end)) end++;
    if (end > first) return { from: first, to: end };
  }
  return undefined;
}

function isNear({ seconds, lastAsked }: ViewerPosition, timeline: Timeline, k: number): boolean {
  const { first, end } = segmentFrames(timeline, k);
  const asked =
    lastAsked === undefined
      ? seconds
      : frameSeconds(timeline, segmentFrames(timeline, lastAsked).end);
  return (
    frameSeconds(timeline, end) > seconds - BEHIND_SECONDS &&
    frameSeconds(timeline, first) < Math.max(seconds, asked) + AHEAD_SECONDS
  );
}
