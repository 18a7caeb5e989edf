import {
  durationSeconds,
  frameSeconds,
  safeLeadSeconds,
  segmentCount,
  segmentFrames,
  segmentStartSeconds,
  toNumber,
  type Timeline,
} from "@upreel/core";
import { contiguousEnd, readyRanges } from "./gaps.ts";
import { isMaking, type NeedsView } from "./need.ts";

/** A run begins so far ahead that it gains this many times the lead that is needed: it may become slower. */
const SPARE = 1.25;
/**
 * A run that works ahead of the viewer is given up once it will have less than this part of the needed lead when he comes there: he would
 * overtake it. Its speed goes up again, too.
 */
const LEAST_PART = 0.5;
/** A stretch that is there goes on if the viewer gets the upscaled film at most so much later by it than by a new run ahead. */
const PATIENCE_SECONDS = 5;
/** A new run begins where the viewer is, and leaves no hole behind it, if that costs him at most so much time. */
const NEAR_SECONDS = 2.5;

/** Where the stream is made for a viewer of the original: the first missing segment, and how much he has ready before it. */
export interface Place {
  readonly segment: number;
  readonly leadSeconds: number;
}

/** A part of the film that is ready without a break, or that a run has just begun. */
interface Stretch {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Seconds until a run makes more of it. */
  readonly startSeconds: number;
  /** Film seconds a second that the run makes. */
  readonly speed: number;
  /** It is shown once this part of the safe lead is ready. */
  readonly part: number;
}

/**
 * Where the stream is to be made for a viewer at `seconds` who plays the original. A stretch that will show him the upscaled film
 * soon enough goes on; otherwise a new run begins at the place that he reaches when enough is ready there. Undefined: the film
 * is over by then, or all of the rest is made.
 */
export function placeAhead(
  view: NeedsView,
  timeline: Timeline,
  seconds: number,
): Place | undefined {
  const left = durationSeconds(timeline) - seconds;
  const speed = expectedSpeed(view, timeline);
  const { startSeconds } = view;
  const ahead = aheadSeconds(left, speed, startSeconds);
  const goesOn = stretchesOf(view, timeline)
    .map((each) => ({ ...each, safeAfter: safeAfter(each, seconds, left) }))
    .filter((each) => each.safeAfter <= ahead + PATIENCE_SECONDS)
    .toSorted((a, b) => a.safeAfter - b.safeAfter)[0];
  const count = segmentCount(timeline);
  if (goesOn !== undefined) {
    const { segment, fromSeconds, toSeconds } = goesOn;
    const leadSeconds = Math.max(0, toSeconds - Math.max(seconds, fromSeconds));
    return segment < count ? { segment, leadSeconds } : undefined;
  }
  const here = { fromSeconds: seconds, toSeconds: seconds, startSeconds, speed, part: 1 };
  const isNear = safeAfter(here, seconds, left) <= ahead + NEAR_SECONDS;
  const frame = (seconds + (isNear ? 0 : ahead)) * toNumber(timeline.rate);
  const at = frame / timeline.framesPerSegment;
  const segment = contiguousEnd(view.ready, timeline, isNear ? Math.floor(at) : Math.ceil(at));
  return segment < count ? { segment, leadSeconds: 0 } : undefined;
}

/** How far ahead of a viewer a new run has to begin so that he does not overtake it. */
function aheadSeconds(left: number, speed: number, startSeconds: number): number {
  // It and he would come to the end together.
  const leftThere = speed * Math.max(0, left - startSeconds);
  const lead = SPARE * safeLeadSeconds(leftThere, speed);
  // All of the rest is made when he comes there.
  const wholeRest = (left + speed * startSeconds) / (1 + speed);
  return Math.min(startSeconds + lead / speed, wholeRest);
}

/** In how many seconds a viewer who has `left` to play can be shown the upscaled film; Infinity: never. */
function safeAfter(stretch: Stretch, seconds: number, left: number): number {
  const { fromSeconds, toSeconds, startSeconds, speed, part } = stretch;
  const enters = Math.max(0, fromSeconds - seconds);
  const leadAt = (after: number): number =>
    toSeconds + speed * Math.max(0, after - startSeconds) - seconds - after;
  const needed = safeLeadSeconds(left - enters, speed);
  // Where he is already, he is shown nothing with less than the least lead, whatever the speed.
  const least = enters > 0 ? 0 : safeLeadSeconds(left, 1);
  if (enters < left && leadAt(enters) >= Math.max(least, part * needed)) return enters;
  const begins = Math.max(enters, startSeconds);
  const catchesUp = speed > 1 ? begins + (needed - leadAt(begins)) / (speed - 1) : Infinity;
  const isWhole = startSeconds + (seconds + left - toSeconds) / speed;
  const after = Math.max(enters, Math.min(catchesUp, isWhole));
  return after < left ? after : Infinity;
}

/** The stretches that are there: those that runs are making, and those that a new run would have to continue. */
function stretchesOf(
  view: NeedsView,
  timeline: Timeline,
): readonly (Stretch & { readonly segment: number })[] {
  const { ready, startSeconds } = view;
  const expected = expectedSpeed(view, timeline);
  const ranges = readyRanges(ready, timeline);
  const begun = view.runs
    .filter((run) => isMaking(run) && run.next < run.to && !ready.has(run.next))
    .map(({ next, pace, startSeconds: left = 0 }) => ({
      segment: next,
      fromSeconds: segmentStartSeconds(
        timeline,
        ranges.find(({ to }) => to === next)?.from ?? next,
      ),
      toSeconds: Math.max(frameSeconds(timeline, pace.frame), segmentStartSeconds(timeline, next)),
      startSeconds: left,
      speed: pace.fps > 0 ? pace.fps / toNumber(timeline.rate) : expected,
      part: LEAST_PART,
    }));
  const resting = ranges
    .filter(({ to }) => begun.every(({ segment }) => segment !== to))
    .map(({ from, to }) => ({
      segment: to,
      fromSeconds: segmentStartSeconds(timeline, from),
      toSeconds: frameSeconds(timeline, segmentFrames(timeline, to - 1).end),
      ...{ startSeconds, speed: expected, part: 1 },
    }));
  return [...begun, ...resting];
}

/** Film seconds a second of a new run; real time as long as nothing is known. */
const expectedSpeed = ({ expectedFps }: NeedsView, timeline: Timeline): number =>
  expectedFps > 0 ? expectedFps / toNumber(timeline.rate) : 1;
