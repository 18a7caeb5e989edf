import {
  durationSeconds,
  frameSeconds,
  segmentAt,
  segmentCount,
  segmentFrames,
  type Timeline,
} from "@upreel/core";
import { contiguousEnd } from "./gaps.ts";
import type { ViewerPosition } from "./viewers.ts";

/** Who watches a stream, and what there is of it. */
interface Audience {
  readonly viewers: readonly ViewerPosition[];
  /** Somebody is about to watch, … */
  readonly isViewerExpected: boolean;
  /** … from there on; without it from the start. */
  readonly expectedSeconds?: number | undefined;
  readonly ready: ReadonlySet<number>;
}

/** A missing segment and the time that a viewer has until he gets there. */
export interface Demand {
  readonly segment: number;
  readonly leadSeconds: number;
  /** How long he may do without it. */
  readonly patienceSeconds: number;
  readonly waiting: Waiting;
}

/** Whether somebody who plays the stream stands still, or soon will. */
export type Waiting = "now" | "soon" | "no";

/** Who has so little ready of the stream that he plays waits, or is about to. */
const URGENT_SECONDS = 3;
/** With three segments of 2 s, what players want to have buffered, nobody waits soon. */
const SAFE_SECONDS = 6;

/**
 * Somebody who plays the original is switched when the stream is ahead of him. A run that he has left
 * behind is let be for so long: started anew at each of his reports, it would never make anything.
 */
const CATCH_UP_SECONDS = 20;

/** Every viewer's first missing segment, in the order of the film. */
export function demandsOf(
  { viewers, isViewerExpected, expectedSeconds = 0, ready }: Audience,
  timeline: Timeline,
): readonly Demand[] {
  const count = segmentCount(timeline);
  const duration = durationSeconds(timeline);
  const positions: Pick<ViewerPosition, "seconds" | "plays">[] = viewers.filter(
    ({ seconds }) => seconds < duration,
  );
  if (viewers.length === 0 && isViewerExpected) {
    positions.push({ seconds: Math.min(expectedSeconds, duration), plays: "stream" });
  }
  return positions
    .map(({ seconds, plays }): Demand => {
      const segment = contiguousEnd(ready, timeline, segmentAt(timeline, seconds));
      const startSeconds = frameSeconds(timeline, segmentFrames(timeline, segment).first);
      const leadSeconds = Math.max(0, startSeconds - seconds);
      return plays === "original"
        ? { segment, leadSeconds, patienceSeconds: CATCH_UP_SECONDS, waiting: "no" }
        : { segment, leadSeconds, patienceSeconds: 0, waiting: waitingAt(leadSeconds) };
    })
    .filter(({ segment }) => segment < count)
    .sort((a, b) => a.segment - b.segment || a.leadSeconds - b.leadSeconds);
}

const waitingAt = (leadSeconds: number): Waiting =>
  leadSeconds < URGENT_SECONDS ? "now" : leadSeconds < SAFE_SECONDS ? "soon" : "no";
