import { segmentCount, segmentFrames, type Timeline } from "@upreel/core";

/** Segments [from, to) that are not made yet. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * The gap to work on next: the first missing segment at or after `wanted`, up to what `isTaken` or the
 * end; when nothing is missing there, the first gap of the film. Undefined when all is taken.
 */
export function nextGap(
  isTaken: (segment: number) => boolean,
  timeline: Timeline,
  wanted = 0,
): Gap | undefined {
  const count = segmentCount(timeline);
  const gapFrom = (start: number): Gap | undefined => {
    let from = start;
    while (from < count && isTaken(from)) from++;
    if (from >= count) return undefined;
    let to = from + 1;
    while (to < count && !isTaken(to)) to++;
    return { from, to };
  };
  return gapFrom(Math.min(Math.max(0, wanted), count)) ?? gapFrom(0);
}

/** Whether no segment of the film is missing. */
export const isWhole = (ready: ReadonlySet<number>, timeline: Timeline): boolean =>
  // The size alone tells it of nearly all that are asked.
  ready.size >= segmentCount(timeline) &&
  contiguousEnd(ready, timeline, 0) >= segmentCount(timeline);

/** The first segment at or after `from` that is not ready; `segmentCount` when all are. */
export function contiguousEnd(
  ready: ReadonlySet<number>,
  timeline: Timeline,
  from: number,
): number {
  const count = segmentCount(timeline);
  let end = from;
  while (end < count && ready.has(end)) end++;
  return end;
}

/** Frames in the ready segments. */
export function framesReady(ready: ReadonlySet<number>, timeline: Timeline): number {
  let frames = 0;
  const count = segmentCount(timeline);
  for (const k of ready) {
    if (k >= count) continue;
    const { first, end } = segmentFrames(timeline, k);
    frames += end - first;
  }
  return frames;
}

/** The ready segments as ranges [from, to), in order; of two neighbours none touches the other. */
export function readyRanges(ready: ReadonlySet<number>, timeline: Timeline): Gap[] {
  const count = segmentCount(timeline);
  const ranges: { from: number; to: number }[] = [];
  for (let k = 0; k < count; k++) {
    if (!ready.has(k)) continue;
    const last = ranges.at(-1);
    if (last?.to === k) last.to = k + 1;
    else ranges.push({ from: k, to: k + 1 });
  }
  return ranges;
}
