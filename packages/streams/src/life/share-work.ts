import { segmentSeconds, type Timeline } from "@upreel/core";
import type { Gap } from "../gaps.ts";

/** Less than this is not worth a decoder that seeks and a network that is loaded. */
const LEAST_SEGMENTS = 2;
/** A run finishes so many segments itself: it may have begun them. */
const OWN_SEGMENTS = 2;
/** For somebody who watches, a helper begins so near that what it makes is of use soon … */
const LEAST_WINDOW_SECONDS = 6;
/** … and no farther ahead than this, since machines become slower, … */
const LONGEST_WINDOW_SECONDS = 300;
/** … nor than the run before comes while it uses up this part of the time until a viewer is there … */
const USED_PART = 0.75;
/** … and so far that machines make the film for most of the time, and start for a fifth of it at most. */
const STARTS_A_WINDOW = 4;
/** Film seconds a second that need no help near the viewer; as predicted it has to be twice as much. */
const SURE_SPEED = 1.25;

/** A machine that has nothing to do. */
export interface Helper {
  /** Film seconds a second. */
  readonly speed: number;
  /** From its order to its first picture. */
  readonly startSeconds: number;
}

/** Several of those together. */
export interface Others {
  /** Film seconds a second. */
  readonly speed: number;
  /** Seconds of film that they would make while they start. */
  readonly starts: number;
}

/** A run that is at work. */
export interface SharedRun {
  readonly next: number;
  readonly to: number;
  /** Film seconds a second, as it or its machine was seen to make, … */
  readonly shown: number | undefined;
  /** … and as its machine is expected to. */
  readonly predicted: number | undefined;
  /** Until its first picture; 0: it makes pictures. */
  readonly startSeconds: number;
  /** What its machine takes to begin another one. */
  readonly restartSeconds: number;
  /** Until a viewer comes to `next`; undefined: nobody does. */
  readonly leadSeconds: number | undefined;
}

/** Whether a run has so much left that a helper may be of use, however fast that is. */
export const canBeShared = ({ next, to }: Pick<SharedRun, "next" | "to">): boolean =>
  to - next >= OWN_SEGMENTS + LEAST_SEGMENTS;

/**
 * What `helper` is to make of a film that `runs` make, with `others` that have nothing to do either: the far part of the
 * run that would be the last one to end, so that all end together, or so near that a viewer who comes there has use of it
 * soon. Undefined: the run would be done with it sooner.
 */
export function shareOf(
  timeline: Timeline,
  helper: Helper,
  others: Others,
  runs: readonly SharedRun[],
): Gap | undefined {
  const crew = runs.map((run) => workOf(run, timeline, helper.speed));
  const [last] = crew.toSorted((a, b) => endOf(b) - endOf(a));
  if (last === undefined) return undefined;
  const { run, speed } = last;
  const both =
    ((endOf(last) - helper.startSeconds) * speed * helper.speed) / (speed + helper.speed);
  const inSegments = (seconds: number): number =>
    Math.floor(seconds / segmentSeconds(timeline, run.next));
  if (inSegments(both) < LEAST_SEGMENTS) return undefined;
  const part = Math.min(
    inSegments(both),
    Math.max(LEAST_SEGMENTS, inSegments(fairPart(crew, helper, others))),
  );
  const near = soon(run, timeline);
  const from = Math.max(run.next + OWN_SEGMENTS, Math.min(run.to - part, near));
  return run.to - from < LEAST_SEGMENTS ? undefined : { from, to: run.to };
}

interface Work {
  readonly run: SharedRun;
  /** Of film. */
  readonly leftSeconds: number;
  readonly speed: number;
  readonly startSeconds: number;
}

const workOf = (run: SharedRun, timeline: Timeline, usual: number): Work => ({
  run,
  leftSeconds: (run.to - run.next) * segmentSeconds(timeline, run.next),
  speed: run.shown ?? run.predicted ?? usual,
  startSeconds: run.startSeconds,
});

/** Seconds from now. */
const endOf = ({ startSeconds, leftSeconds, speed }: Work): number =>
  startSeconds + leftSeconds / speed;

/** Seconds of film that a helper makes of all that is left, when all who make it end together. */
function fairPart(crew: readonly Work[], helper: Helper, others: Others): number {
  const all = [...crew, helper];
  const left = crew.reduce((sum, { leftSeconds }) => sum + leftSeconds, 0);
  const speeds = all.reduce((sum, { speed }) => sum + speed, others.speed);
  const starts = all.reduce(
    (sum, { speed, startSeconds }) => sum + speed * startSeconds,
    others.starts,
  );
  return helper.speed * ((left + starts) / speeds - helper.startSeconds);
}

/** Where a helper begins for somebody who watches: the run before gets there while there is enough to see. */
function soon(
  { next, shown, predicted = 0, restartSeconds, leadSeconds }: SharedRun,
  timeline: Timeline,
): number {
  if (leadSeconds === undefined) return Infinity;
  if (shown === undefined ? predicted >= 2 * SURE_SPEED : shown >= SURE_SPEED) return Infinity;
  const after = (seconds: number): number =>
    next + Math.ceil(seconds / segmentSeconds(timeline, next));
  // It has not shown yet how fast it is.
  if (shown === undefined) return after(LEAST_WINDOW_SECONDS);
  const window = shown >= 1 ? LONGEST_WINDOW_SECONDS : (USED_PART * leadSeconds) / (1 - shown);
  const least = Math.max(LEAST_WINDOW_SECONDS, STARTS_A_WINDOW * restartSeconds);
  return after(Math.min(LONGEST_WINDOW_SECONDS, Math.max(least, window)) * shown);
}
