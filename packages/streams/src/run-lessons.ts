import type { Reason, RunEnd, RunSummary, Timeline } from "@upreel/core";
import { counted, withDamage, type Lessons } from "./lessons-so-far.ts";
import {
  NOTHING_MADE,
  damage,
  endFrame,
  lacksDisk,
  lacksSound,
  problemOf,
  truncation,
  unprovenEnd,
} from "./run-problems.ts";
import { isSourceGone } from "./watch-sources.ts";

/** Runs in a row that may end in failure without one new segment before the stream gives up. */
const MAX_FRUITLESS_RUNS = 3;
/**
 * As many may be killed from outside in vain: that is not the film's fault, nor its model's, unless it is the
 * system that kills, again and again, for want of memory. From half of them on the plain scaler is tried.
 */
const MAX_KILLED_RUNS = 12;

/** What a stream does after a run. */
export type Lesson =
  /** People are told. */
  | { readonly kind: "warn"; readonly problem: Reason }
  /** It waits for its source. */
  | { readonly kind: "wait"; readonly problem: Reason }
  /** It goes on, and says what is wrong with the film. */
  | { readonly kind: "note"; readonly reason: Reason }
  /** Its source got longer: it is planned anew. */
  | { readonly kind: "replan"; readonly problem: Reason }
  /** The film is shorter than its source says. */
  | { readonly kind: "cut"; readonly timeline: Timeline; readonly reason: Reason }
  /** The plain scaler makes the rest. */
  | { readonly kind: "fall-back"; readonly problem: Reason | undefined }
  | { readonly kind: "give-up"; readonly reason: Reason };

/** A run that has ended. */
export interface EndedRun {
  readonly kind: "make" | "remake";
  /** On another machine, which may fail in ways that have nothing to do with the film. */
  readonly isElsewhere?: boolean | undefined;
  readonly fromSegment: number;
  /** The first segment that it did not make. */
  readonly next: number;
}

export interface RunOutcome {
  readonly end: RunEnd;
  readonly summary: RunSummary;
  /** It was ended to go on elsewhere or otherwise: neither a failure nor a cancel. */
  readonly isDeliberate: boolean;
}

/** What is known of the film by then. */
export interface FilmSeen {
  readonly path: string;
  readonly timeline: Timeline;
  /** Whether there are pictures after a frame, as those that others made show. */
  readonly goesOnAfter: (frame: number) => boolean;
}

export interface Taught {
  readonly lessons: Lessons;
  /** In order. */
  readonly what: readonly Lesson[];
}

/** What the end of a run teaches, of which all is published that will be. */
export function learn(
  before: Lessons,
  run: EndedRun,
  { end, summary, isDeliberate }: RunOutcome,
  film: FilmSeen,
): Taught {
  const problem = isDeliberate ? undefined : problemOf(end, summary);
  const { length } = summary.published;
  const lessons = lacksSound(summary) ? { ...before, encodesSound: true } : before;
  if (problem?.code === "source_growing") return { lessons, what: [{ kind: "replan", problem }] };
  const isAway = problem?.code === "source_unavailable";
  const warnings: Lesson[] = problem === undefined || isAway ? [] : [{ kind: "warn", problem }];
  if (run.kind === "remake") {
    // What is there is good enough to see: it is left as it is.
    const isVain = problem !== undefined || (length === 0 && !isDeliberate);
    return { lessons: isVain ? { ...lessons, canRemake: false } : lessons, what: warnings };
  }
  const after = learnFromMaking(lessons, run, { end, summary, isDeliberate }, film, problem);
  return { ...after, what: [...warnings, ...after.what] };
}

function learnFromMaking(
  lessons: Lessons,
  run: EndedRun,
  { end, summary, isDeliberate }: RunOutcome,
  film: FilmSeen,
  problem: Reason | undefined,
): Taught {
  if (problem !== undefined && isSourceGone(problem)) {
    return { lessons, what: [{ kind: "give-up", reason: problem }] };
  }
  if (problem?.code === "source_unavailable") return { lessons, what: [{ kind: "wait", problem }] };
  if (run.isElsewhere === true && !(problem !== undefined && lacksDisk(problem))) {
    return { lessons: counted(lessons, "good"), what: [] };
  }
  if (problem?.code === "source_damaged") {
    return { lessons, what: [{ kind: "note", reason: problem }] };
  }
  if (end.why === "source_truncated" && problem === undefined && !isDeliberate) {
    return { lessons: counted(lessons, "good"), what: [cut(run, end.frames, film)] };
  }
  const isKill = end.why === "failed" && end.wasKilled === true;
  const result = summary.published.length > 0 ? "good" : isKill ? "killed" : "fruitless";
  // Where it was ended on purpose before it made anything, that is nobody's fault.
  if (isDeliberate && result === "fruitless") return { lessons, what: [] };
  const now = counted(lessons, result);
  const { fruitless, killed } = now;
  // Also a run that claims to have gone well: without a segment it would be repeated for ever.
  const isInVain = fruitless >= MAX_FRUITLESS_RUNS || killed >= MAX_KILLED_RUNS;
  if (isInVain || (problem !== undefined && lacksDisk(problem))) {
    const reason = problem ?? summary.rejected[0]?.reason ?? NOTHING_MADE;
    return { lessons: now, what: [{ kind: "give-up", reason }] };
  }
  if (killed === MAX_KILLED_RUNS / 2)
    return { lessons: now, what: [{ kind: "fall-back", problem }] };
  if (fruitless === MAX_FRUITLESS_RUNS - 1) return tryOtherwise(now, run, problem, film);
  return { lessons: now, what: [] };
}

/** A source that ended early: the timeline is cut where the pictures ended, if there are any. */
function cut({ fromSegment }: EndedRun, frames: number, { path, timeline }: FilmSeen): Lesson {
  const frameCount = endFrame(timeline, fromSegment, frames);
  const reason = truncation(path, timeline, frameCount);
  return frameCount === 0
    ? { kind: "give-up", reason }
    : { kind: "cut", timeline: { ...timeline, frameCount }, reason };
}

/** The last try before a stream gives up: what could be wrong is left out. */
function tryOtherwise(
  lessons: Lessons,
  { next }: EndedRun,
  problem: Reason | undefined,
  { path, timeline, goesOnAfter }: FilmSeen,
): Taught {
  const frame = next * timeline.framesPerSegment;
  if (problem?.code !== "decoder_failed" || !goesOnAfter(frame)) {
    return { lessons, what: [{ kind: "fall-back", problem }] };
  }
  return {
    lessons: withDamage(lessons, next),
    what: [{ kind: "note", reason: damage(path, timeline, frame) }],
  };
}

/**
 * What the end of a run means for the segments that are half made. A source that has no pictures left where
 * the film goes on later is damaged there, not at its end, which two runs have to find.
 */
export function judgeEnd(
  lessons: Lessons,
  { fromSegment }: Pick<EndedRun, "fromSegment">,
  end: RunEnd,
  { path, timeline, goesOnAfter }: FilmSeen,
): { readonly lessons: Lessons; readonly end: RunEnd } {
  if (end.why !== "source_truncated") return { lessons, end };
  const frame = endFrame(timeline, fromSegment, end.frames);
  if (goesOnAfter(frame)) {
    const segment = Math.floor(frame / timeline.framesPerSegment);
    const reason = damage(path, timeline, frame);
    return { lessons: withDamage(lessons, segment), end: { ...end, why: "failed", reason } };
  }
  if (lessons.seenEnd === frame) return { lessons, end };
  const reason = unprovenEnd(path, frame);
  return { lessons: { ...lessons, seenEnd: frame }, end: { ...end, why: "failed", reason } };
}
