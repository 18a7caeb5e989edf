import {
  UpreelError,
  segmentFrames,
  type Reason,
  type RunEnd,
  type Timeline,
  type RunSummary,
} from "@upreel/core";

/** Whether it is for want of a disk that can be written to: with one it goes on. */
export const lacksDisk = ({ code }: Pick<Reason, "code">): boolean =>
  code === "disk_full" || code === "disk_read_only";

/** What went wrong in a run, if anything: its own end, or segments that did not pass the check. */
export function problemOf(end: RunEnd, summary: RunSummary): Reason | undefined {
  const rejected = summary.rejected[0]?.reason;
  if (rejected !== undefined && lacksDisk(rejected)) return rejected;
  if (end.why === "failed") return end.reason;
  return end.why === "cancelled" ? undefined : rejected;
}

/** Whether a segment was not published since it has no sound where its film has some. */
export const lacksSound = ({ rejected }: Pick<RunSummary, "rejected">): boolean =>
  rejected.some(({ reason }) => reason.code === "sound_missing");

export const NOTHING_MADE: Reason = {
  code: "encoder_failed",
  message: "Upscaling ended without a result",
};

export const errorOf = ({ code, message, ...details }: Reason): UpreelError =>
  new UpreelError(code, message, details);

/** The first frame that a run which found no more pictures could not make. */
export const endFrame = (timeline: Timeline, fromSegment: number, frames: number): number =>
  segmentFrames(timeline, fromSegment).first + frames;

/** Why a film is shorter than its source says; `source_unreadable` when nothing is left of it. */
export function truncation(path: string, timeline: Timeline, frameCount: number): Reason {
  const figures = { expected: `${timeline.frameCount} pictures`, got: `${frameCount}` };
  return frameCount === 0
    ? { code: "source_unreadable", message: `${path} contains no picture`, ...figures }
    : {
        code: "source_truncated",
        message: `${path} is cut off: the film ends there`,
        ...figures,
      };
}

/** A film is not cut on the word of one run: its source is read once more from there on. */
export const unprovenEnd = (path: string, frame: number): Reason => ({
  code: "source_truncated",
  message: `${path} seems to be cut off: it is read once more`,
  got: `no picture after ${frame}`,
});

/** Why a run stopped where the source goes on later. */
export const damage = (path: string, timeline: Timeline, frame: number): Reason => {
  const seconds = Math.floor((frame * timeline.rate.den) / timeline.rate.num);
  const at = new Date(seconds * 1_000).toISOString().slice(11, 19);
  return {
    code: "source_damaged",
    message: `${path} is damaged from ${at} on: a still picture is shown there until it continues`,
    expected: "pictures without a break",
    got: `none after ${at}`,
  };
};
