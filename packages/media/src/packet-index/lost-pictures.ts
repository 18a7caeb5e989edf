import { toNumber, type Rational } from "@upreel/core";

/** Pictures in one piece of a film. */
export interface PictureRun {
  /** When they are shown, in order, in microseconds. */
  readonly times: Float64Array;
  /** When the first frame of the piece is shown, on the same clock; undefined: with the first picture. */
  readonly zeroMicros: number | undefined;
}

/**
 * How far the decoder's clock is moved against that of the frames, as a share of a frame. Without it a picture exactly
 * between two frames, like every second one of a source with twice the rate, would be rounded either way.
 */
export const ROUNDING_SHIFT = 0.05;

/** The frame, counted from `zeroMicros`, that a decoder shows a picture in. */
export const frameOfPicture = (micros: number, zeroMicros: number, rate: Rational): number =>
  Math.floor(((micros - zeroMicros) * rate.num) / (rate.den * 1e6) + 0.5 + ROUNDING_SHIFT);

/** Pictures that are not shown at `rate`, since another one takes their frame; counted to `enough` + 1. */
export function lostPictures(
  runs: readonly PictureRun[],
  rate: Rational,
  enough = Number.POSITIVE_INFINITY,
): number {
  let lost = 0;
  for (const run of runs) {
    lost += lostFrom(run, gridZero(run, rate), rate, enough - lost);
    if (lost > enough) break;
  }
  return lost;
}

/**
 * The clock at the first frame of a piece: moved by half a frame at most, so that frames begin when
 * pictures do. Else all of them would be shown early or late by as much.
 */
export function gridZero(run: PictureRun, rate: Rational): number {
  const first = run.times[0];
  if (first === undefined) return run.zeroMicros ?? 0;
  const frameMicros = 1e6 / toNumber(rate);
  const lead = first - (run.zeroMicros ?? first);
  return Math.round(first - Math.round(lead / frameMicros) * frameMicros);
}

function lostFrom(
  { times }: PictureRun,
  zeroMicros: number,
  rate: Rational,
  enough = Number.POSITIVE_INFINITY,
): number {
  let lost = 0;
  let before = Number.NaN;
  for (const time of times) {
    const frame = frameOfPicture(time, zeroMicros, rate);
    if (frame === before && ++lost > enough) break;
    before = frame;
  }
  return lost;
}
