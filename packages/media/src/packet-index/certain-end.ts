import type { ClockPiece, TrackPart } from "./clock-pieces.ts";
import { HOLE_MICROS } from "./track-log.ts";

/**
 * So much before the last packet nothing comes that belongs there: muxers hold sound back behind pictures,
 * or the other way round, by less than a second, and a decoder puts at most 16 pictures in another order.
 */
const MARGIN_MICROS = 1_000_000;
const REORDERED_PICTURES = 16;

/**
 * Up to where the last piece of a film that is being written will stay as it is, on the clock of the
 * piece. `sounds`: the tracks that may be heard. One that has said nothing for long is not waited for.
 */
export function certainEnd(
  pieces: readonly ClockPiece[],
  video: number,
  sounds: readonly number[],
): number {
  const last = pieces.at(-1);
  const shown = last === undefined ? undefined : partOf(last, video);
  if (last === undefined || shown === undefined) return Number.NEGATIVE_INFINITY;
  const heard = sounds
    .filter((track) => pieces.some((piece) => partOf(piece, track) !== undefined))
    // Where the clock has just jumped, its sound comes a little later.
    .map((track) => partOf(last, track)?.endMicros ?? last.startMicros)
    .filter((end) => shown.endMicros - end <= HOLE_MICROS);
  const span = shown.endMicros - shown.startMicros;
  const reorderMicros = (REORDERED_PICTURES * span) / Math.max(1, shown.pictures.length);
  return Math.min(shown.endMicros, ...heard) - Math.max(MARGIN_MICROS, reorderMicros);
}

const partOf = ({ parts }: ClockPiece, track: number): TrackPart | undefined =>
  parts.find((part) => part.track === track);
