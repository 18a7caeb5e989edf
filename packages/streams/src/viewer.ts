import {
  durationSeconds,
  segmentAt,
  segmentSeconds,
  segmentStartSeconds,
  type Timeline,
} from "@upreel/core";
import { contiguousEnd } from "./gaps.ts";
import { playheadSeconds, type Playhead } from "./playhead.ts";

/** A position that a player, or Jellyfin for it, has told. */
export interface Report {
  readonly seconds: number;
  readonly isPaused: boolean;
  readonly plays: Plays;
  readonly atMs: number;
}

/** `original`: the source itself, and perhaps the stream later; what is missing keeps nobody waiting. */
export type Plays = "stream" | "original";

/** One who watches, as requests for segments and reports show him; most show themselves by both. */
export interface Viewer {
  /** Whose requests for segments are his. */
  client: string | undefined;
  /** The name that reports give him. */
  name: string | undefined;
  asked: Playhead | undefined;
  /** Where his requests were before they jumped, … */
  before: Playhead | undefined;
  /** … and where he was himself. */
  leftSeconds: number | undefined;
  report: Report | undefined;
}

/** What there is to watch. */
export interface Film {
  readonly timeline: Timeline;
  readonly ready: ReadonlySet<number>;
}

/** Jellyfin and the page report every ten seconds: after three lost reports the requests tell more. */
const REPORT_HOLDS_MS = 30_000;
/** A player that waits for the place that it jumped to may go on reporting the one that it left, … */
const LEFT_WITHIN_SECONDS = 5;
/** … and its request for a segment there may be held for a moment longer. */
const LETS_GO_WITHIN_MS = 5_000;

/** A report of the place that he left, while what he jumped to is not made. */
const isOfBefore = ({ asked, leftSeconds, report }: Viewer, { ready }: Film): boolean =>
  asked !== undefined &&
  report !== undefined &&
  leftSeconds !== undefined &&
  !ready.has(asked.firstAsked) &&
  Math.abs(report.seconds - leftSeconds) < LEFT_WITHIN_SECONDS;

/** The true position where one is told, else the one that the requests show. */
export function secondsOf(viewer: Viewer, film: Film, nowMs: number): number {
  const { asked, report } = viewer;
  const { timeline, ready } = film;
  const isNewest =
    report !== undefined &&
    !isOfBefore(viewer, film) &&
    (asked === undefined || report.atMs >= asked.firstAskedAtMs) &&
    (report.isPaused || asked === undefined || nowMs - report.atMs < REPORT_HOLDS_MS);
  const since = isNewest ? report.seconds : segmentStartSeconds(timeline, asked?.firstAsked ?? 0);
  const elapsed = isNewest && !report.isPaused ? Math.max(0, nowMs - report.atMs) / 1_000 : 0;
  const estimate =
    isNewest || asked === undefined ? since + elapsed : playheadSeconds(asked, timeline, nowMs);
  if (isNewest && report.plays === "original") return Math.min(estimate, durationSeconds(timeline));
  // Nobody plays on through what is not made.
  const missing = contiguousEnd(ready, timeline, segmentAt(timeline, since));
  return Math.min(
    estimate,
    Math.max(since, segmentStartSeconds(timeline, missing)),
    durationSeconds(timeline),
  );
}

/** The segment that a player waited for when it jumped, asked for once more. */
export const isStillHeld = ({ before, asked }: Viewer, segment: number, nowMs: number): boolean =>
  before?.lastAsked === segment &&
  asked !== undefined &&
  nowMs - asked.firstAskedAtMs < LETS_GO_WITHIN_MS;

/** Where he is if nothing holds him up. */
export function unhinderedSeconds(
  { asked, report }: Viewer,
  timeline: Timeline,
  nowMs: number,
): number {
  if (report !== undefined && (asked === undefined || report.atMs >= asked.firstAskedAtMs))
    return report.seconds + (report.isPaused ? 0 : (nowMs - report.atMs) / 1_000);
  return asked === undefined ? 0 : playheadSeconds(asked, timeline, nowMs);
}

/** Whether one who is at `seconds` may have asked for these segments: players read ahead, not back. */
export function covers(asked: Playhead | undefined, seconds: number, timeline: Timeline): boolean {
  if (asked === undefined) return false;
  const step = segmentSeconds(timeline, 0);
  const from = segmentStartSeconds(timeline, asked.firstAsked) - step;
  const to = segmentStartSeconds(timeline, asked.lastAsked) + 2 * step;
  return seconds >= from && seconds <= to;
}
