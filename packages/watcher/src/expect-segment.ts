import { framePts90k, segmentFrames, type RunEnd, type WatchedRun } from "@upreel/core";
import type { ExpectedSegment } from "./check-segment.ts";

/**
 * What segment `k` of a run must hold; undefined when the run cannot have made it. While the run
 * goes on `end` is undefined, and a segment is as long as the timeline says.
 */
export function expectSegment(
  run: Pick<WatchedRun, "timeline" | "fromSegment" | "toSegment">,
  k: number,
  end: RunEnd | undefined,
): ExpectedSegment | undefined {
  if (k < run.fromSegment || k >= run.toSegment) return undefined;
  const { timeline } = run;
  const { first, end: last } = segmentFrames(timeline, k);
  const written =
    end === undefined ? last : run.fromSegment * timeline.framesPerSegment + end.frames;
  // Only the end of a truncated source may cut a segment short; any other short one is half-made.
  const pictures = end?.why === "source_truncated" ? Math.min(last, written) - first : last - first;
  if (pictures <= 0 || first + pictures > written) return undefined;
  return {
    pictures,
    firstPts90k: framePts90k(timeline, first),
    frameTicks: (90_000 * timeline.rate.den) / timeline.rate.num,
  };
}
