import {
  durationSeconds,
  frameSeconds,
  safeLeadSeconds,
  segmentCount,
  segmentFrames,
  toNumber,
  type Timeline,
} from "@upreel/core";
import { contiguousEnd, readyRanges } from "./gaps.ts";
import { isMaking, type NeedsView } from "./need.ts";

/** The lead for a viewer of the original is this many times what is needed: a run may become slower. */
const SPARE = 1.25;
/** A run that works is given up when it has less than this part of that lead: the viewer would overtake it. */
const LEAST_PART = 0.5;
/** One that brings him to the upscaled film later by no more than this is not left for another one, … */
const PATIENCE_SECONDS = 5;
/** … and to begin where he is spares the film a hole, if it takes no longer than this. */
const NEAR_SECONDS = 2.5;

/** Where the stream goes on for a viewer of the original: the first missing segment there, and what is made before it. */
export interface Place {
  readonly segment: number;
  readonly leadSeconds: number;
}

/** Seconds of the film that are made, or begin to be, without a break. */
interface Stretch {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** It is not made any further before that. */
  readonly startSeconds: number;
  /** Film seconds a second. */
  readonly speed: number;
  /** Of what is safe to be shown, as much has to be there. */
  readonly part: number;
}

/**
 * Where the stream is to be made for a viewer at `seconds` who plays the original: where he gets to when enough of it is
 * ready to be shown. What is made there already goes on. Undefined: he is at the end by then, or it is all made.
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

/** How far ahead of a viewer a run has to begin that he shall not overtake. */
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
  const needed = part * safeLeadSeconds(left - enters, speed);
  if (enters < left && leadAt(enters) >= needed) return enters;
  const begins = Math.max(enters, startSeconds);
  const catchesUp = speed > 1 ? begins + (needed - leadAt(begins)) / (speed - 1) : Infinity;
  const isWhole = startSeconds + (seconds + left - toSeconds) / speed;
  const after = Math.max(enters, Math.min(catchesUp, isWhole));
  return after < left ? after : Infinity;
}

/** What is made, with the run that goes on there; a new one would have to where there is none. */
function stretchesOf(
  view: NeedsView,
  timeline: Timeline,
): readonly (Stretch & { readonly segment: number })[] {
  const { ready, startSeconds } = view;
  const secondsAt = (frame: number): number => frameSeconds(timeline, frame);
  const startOf = (k: number): number => secondsAt(segmentFrames(timeline, k).first);
  const expected = expectedSpeed(view, timeline);
  const ranges = readyRanges(ready, timeline);
  const begun = view.runs
    .filter((run) => isMaking(run) && run.next < run.to && !ready.has(run.next))
    .map(({ next, pace, startSeconds: left = 0 }) => ({
      segment: next,
      fromSeconds: startOf(ranges.find(({ to }) => to === next)?.from ?? next),
      toSeconds: secondsAt(Math.max(pace.frame, segmentFrames(timeline, next).first)),
      startSeconds: left,
      speed: pace.fps > 0 ? pace.fps / toNumber(timeline.rate) : expected,
      part: LEAST_PART,
    }));
  const resting = ranges
    .filter(({ to }) => begun.every(({ segment }) => segment !== to))
    .map(({ from, to }) => ({
      segment: to,
      ...{ fromSeconds: startOf(from), toSeconds: secondsAt(segmentFrames(timeline, to - 1).end) },
      ...{ startSeconds, speed: expected, part: 1 },
    }));
  return [...begun, ...resting];
}

/** Film seconds a second of a new run; real time as long as nothing is known. */
const expectedSpeed = ({ expectedFps }: NeedsView, timeline: Timeline): number =>
  expectedFps > 0 ? expectedFps / toNumber(timeline.rate) : 1;
