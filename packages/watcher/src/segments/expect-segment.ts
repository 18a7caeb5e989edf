import {
  PTS_PER_SECOND,
  framePts90k,
  segmentCount,
  segmentFrames,
  type RunEnd,
  type WatchedRun,
} from "@upreel/core";
import type { ExpectedSegment } from "./check-segment.ts";
import type { ExpectedSound } from "./check-sound.ts";

/**
 * What segment `k` of a run must hold; undefined when the run cannot have made it. While the run
 * goes on `end` is undefined, and a segment is as long as the timeline says.
 */
export function expectSegment(
  run: Pick<WatchedRun, "timeline" | "fromSegment" | "toSegment" | "hasSound">,
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
  const sound = run.hasSound === true ? expectSound(run, k, first + pictures) : undefined;
  return {
    pictures,
    firstPts90k: framePts90k(timeline, first),
    frameTicks: (PTS_PER_SECOND * timeline.rate.den) / timeline.rate.num,
    ...(sound === undefined ? {} : { sound }),
  };
}

/** `endFrame`: the frame after the last picture, which may be earlier than planned. */
function expectSound(
  { timeline }: Pick<WatchedRun, "timeline">,
  k: number,
  endFrame: number,
): ExpectedSound {
  return {
    fromPts90k: framePts90k(timeline, segmentFrames(timeline, k).first),
    toPts90k: framePts90k(timeline, endFrame),
    isFirst: k === 0,
    isLast: k === segmentCount(timeline) - 1 || endFrame < segmentFrames(timeline, k).end,
  };
}
