import {
  durationSeconds,
  segmentAt,
  segmentCount,
  segmentStartSeconds,
  type Timeline,
} from "@upreel/core";
import { placeAhead } from "./ahead.ts";
import { contiguousEnd } from "./gaps.ts";
import type { NeedsView, Waiting } from "./need.ts";
import type { ViewerPosition } from "./viewers.ts";

/** A missing segment and what a viewer has ready before it. */
export interface Demand {
  readonly segment: number;
  readonly leadSeconds: number;
  readonly waiting: Waiting;
}

type Watcher = Omit<ViewerPosition, "lastAsked">;

/** Who has so little ready of the stream that he plays waits, or is about to. */
const URGENT_SECONDS = 3;
/** With three segments of 2 s, what players want to have buffered, nobody waits soon. */
const SAFE_SECONDS = 6;

/** The first missing segment of everyone who watches, in the order of the film. */
export function demandsOf(view: NeedsView, timeline: Timeline): readonly Demand[] {
  const { viewers, isViewerExpected, expectedSeconds = 0 } = view;
  const duration = durationSeconds(timeline);
  const positions: Watcher[] = viewers.filter(({ seconds }) => seconds < duration);
  if (viewers.length === 0 && isViewerExpected) {
    positions.push({
      seconds: Math.min(expectedSeconds, duration),
      plays: "stream",
      isPaused: false,
    });
  }
  return positions
    .flatMap((viewer) => {
      const of = viewer.plays === "original" ? ofOriginal : ofStream;
      return of(view, timeline, viewer) ?? [];
    })
    .sort((a, b) => a.segment - b.segment || a.leadSeconds - b.leadSeconds);
}

/** The original keeps nobody waiting. Who pauses it goes on where he is, and wants the upscaled film there. */
function ofOriginal(view: NeedsView, timeline: Timeline, viewer: Watcher): Demand | undefined {
  const place = viewer.isPaused
    ? ofStream(view, timeline, viewer)
    : placeAhead(view, timeline, viewer.seconds);
  return place && { ...place, waiting: "no" };
}

function ofStream(
  { ready }: NeedsView,
  timeline: Timeline,
  { seconds }: Watcher,
): Demand | undefined {
  const segment = contiguousEnd(ready, timeline, segmentAt(timeline, seconds));
  if (segment >= segmentCount(timeline)) return undefined;
  const startSeconds = segmentStartSeconds(timeline, segment);
  const leadSeconds = Math.max(0, startSeconds - seconds);
  return { segment, leadSeconds, waiting: waitingAt(leadSeconds) };
}

const waitingAt = (leadSeconds: number): Waiting =>
  leadSeconds < URGENT_SECONDS ? "now" : leadSeconds < SAFE_SECONDS ? "soon" : "no";
