import { UpreelError, type Reason, type RejectedSegment, type WatchedRun } from "@upreel/core";
import { toDiskError } from "@upreel/files";
import type { SegmentProblem } from "./check-segment.ts";

/** What a disk did to a segment that was to be published in `folder`. */
export function unpublished(thrown: unknown, folder: string): SegmentProblem {
  const { code, message, expected, got } = toDiskError(thrown, folder);
  return { code, message, expected, got, isDoubt: false };
}

/** A segment that came as bytes and does not belong to the run. */
export const notOfRun = ({ runId, fromSegment, toSegment }: WatchedRun, k: number): UpreelError =>
  new UpreelError("segment_not_found", `segment ${k} is none of the run ${runId}`, {
    expected: `${fromSegment} to ${toSegment - 1}`,
    got: String(k),
  });

/** Another gateway may be making the film by now. */
export const LEASE_LOST: SegmentProblem = {
  code: "stream_elsewhere",
  message: "this gateway does not own the film any more",
  isDoubt: false,
};

/** For whoever sent it. */
export const refused = ({ code, message, expected, got }: SegmentProblem): UpreelError =>
  new UpreelError(code, message, { expected, got });

/** As it is told of a run that is over. */
export function reject(segment: number, problem: SegmentProblem): RejectedSegment {
  const { code, message, expected, got } = problem;
  const reason: Reason = { code, message, expected, got };
  return { segment, reason };
}

/** A segment that a run has written but was not to write. */
export function outsideRun(run: WatchedRun, k: number): SegmentProblem {
  return {
    code: "encoder_failed",
    message: "segment is not one that the run made in full",
    expected: `segments ${run.fromSegment} to ${run.toSegment - 1}, up to the last written frame`,
    got: `segment ${k}`,
    isDoubt: false,
  };
}
