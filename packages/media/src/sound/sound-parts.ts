import { frameSeconds, type Timeline } from "@upreel/core";

/** Samples [from, to) of the timeline that lie in one piece of the source. */
export interface SoundPart {
  readonly from: number;
  readonly to: number;
  /** From the clock of the source to the timeline. */
  readonly offsetSeconds: number;
  /** Where the piece begins on the timeline. */
  readonly startSeconds: number;
  /** Where it lies in the file, for formats in which a clock says nothing of the place; 0: up to the end. */
  readonly bytes?: { readonly from: number; readonly to: number } | undefined;
}

/** A part of the film that has one clock: its frames from `firstFrame` up to the next piece. */
interface Piece {
  readonly firstFrame: number;
  readonly zeroMicros: number;
}

/** What of each piece is needed for samples [from, to); before the first frame the first piece goes on. */
export function soundParts(
  timeline: Timeline,
  sampleRate: number,
  { from, to }: { readonly from: number; readonly to: number },
): SoundPart[] {
  const pieces: readonly Piece[] = [{ firstFrame: 0, zeroMicros: timeline.zeroMicros }];
  const parts = pieces.map(({ firstFrame, zeroMicros }, i): SoundPart => {
    const next = pieces[i + 1];
    const startSeconds = frameSeconds(timeline, firstFrame);
    const end =
      next === undefined ? to : Math.round(frameSeconds(timeline, next.firstFrame) * sampleRate);
    const begin = i === 0 ? from : Math.round(startSeconds * sampleRate);
    return {
      from: Math.max(from, begin),
      to: Math.min(to, end),
      offsetSeconds: startSeconds - zeroMicros / 1e6,
      startSeconds,
    };
  });
  return parts.filter((part) => part.from < part.to);
}
