import type { FilmTiming, TimelinePiece } from "./timeline.ts";

/** Frames [firstFrame, endFrame) of the timeline, which lie in one piece of the source. */
export interface PieceSpan extends TimelinePiece {
  readonly endFrame: number;
}

/** The pieces of a timeline, in order; they cover it without a gap. Most films have one. */
export function timelinePieces(t: FilmTiming): PieceSpan[] {
  const pieces = t.pieces ?? [{ firstFrame: 0, clockMicros: t.zeroMicros }];
  return pieces
    .map((piece, n) => ({
      ...piece,
      endFrame: Math.min(pieces[n + 1]?.firstFrame ?? t.frameCount, t.frameCount),
    }))
    .filter(({ firstFrame, endFrame }) => firstFrame < endFrame);
}

/**
 * Frames [first, end) cut at the borders of pieces: each span lies in one piece, and `clockMicros` is
 * the clock at its own first frame. Frames past the timeline's end belong to its last piece.
 */
export function pieceSpans(t: FilmTiming, first: number, end: number): PieceSpan[] {
  const pieces = timelinePieces(t);
  const last = pieces.at(-1);
  return pieces.flatMap((piece) => {
    const from = Math.max(first, piece.firstFrame);
    const to = piece === last ? end : Math.min(end, piece.endFrame);
    if (from >= to) return [];
    const clockMicros = clockInPiece(t, piece, from);
    return [{ ...piece, firstFrame: from, endFrame: to, clockMicros }];
  });
}

/** The piece that holds `frame`; the first or last one for frames outside the timeline. */
export function pieceAt(t: FilmTiming, frame: number): PieceSpan {
  const pieces = timelinePieces(t);
  const found = pieces.findLast(({ firstFrame }) => firstFrame <= frame) ?? pieces[0];
  if (found === undefined) throw new RangeError("a timeline without a piece");
  return found;
}

/** The source's clock at `frame` as `pieceAt(t, frame)` counts it, in whole microseconds. */
export const sourceClockMicros = (t: FilmTiming, frame: number): number =>
  clockInPiece(t, pieceAt(t, frame), frame);

const clockInPiece = (t: FilmTiming, piece: TimelinePiece, frame: number): number =>
  piece.clockMicros + Math.round(((frame - piece.firstFrame) * t.rate.den * 1e6) / t.rate.num);
