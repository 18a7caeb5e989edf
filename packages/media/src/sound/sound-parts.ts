import { frameSeconds, timelinePieces, type Timeline } from "@upreel/core";

/** Samples [from, to) of the timeline that lie in one piece of the source. */
export interface SoundPart {
  readonly from: number;
  readonly to: number;
  /** From the clock of the source to the timeline. */
  readonly offsetSeconds: number;
  /** Where the piece begins on the timeline. */
  readonly startSeconds: number;
  /** Where it lies in the file, if its clock is that of these bytes alone; `to` 0: up to the end. */
  readonly bytes: { readonly from: number; readonly to: number } | undefined;
}

/**
 * What of each piece is needed for samples [from, to). Before the timeline its first piece goes on, and
 * behind it the last one.
 */
export function soundParts(
  timeline: Timeline,
  sampleRate: number,
  { from, to }: { readonly from: number; readonly to: number },
): SoundPart[] {
  const pieces = timelinePieces(timeline);
  const parts = pieces.map(({ firstFrame, endFrame, clockMicros, fromByte, toByte }, i) => {
    const startSeconds = frameSeconds(timeline, firstFrame);
    const begin = Math.round(startSeconds * sampleRate);
    const end = Math.round(frameSeconds(timeline, endFrame) * sampleRate);
    return {
      from: i === 0 ? from : Math.max(from, begin),
      to: i === pieces.length - 1 ? to : Math.min(to, end),
      offsetSeconds: startSeconds - clockMicros / 1e6,
      startSeconds,
      bytes: fromByte === undefined ? undefined : { from: fromByte, to: toByte ?? 0 },
    };
  });
  return parts.filter((part) => part.from < part.to);
}
