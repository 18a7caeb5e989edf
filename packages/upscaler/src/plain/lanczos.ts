import { enlarged } from "@upreel/core";

/** Lanczos with three lobes, as ffmpeg's scaler has it: six pixels for each, at any of these factors. */
const LOBES = 3;
const TAPS = 2 * LOBES;
/** Weights are 12-bit integers; 5 bits of them are kept between the passes: 255 × 32 × 1.3 fits in 16 bits. */
const WEIGHT_BITS = 12;
const KEPT_BITS = 5;

/** Of the pixels made for a period of input: where the first of its six pixels lies in it, and their weights. */
interface Phase {
  readonly base: number;
  readonly weights: Int32Array;
}

/** `made` pixels for each `taken` ones. */
interface Phases {
  readonly taken: number;
  readonly made: number;
  readonly phases: readonly Phase[];
}

function phasesOf(scale: number): Phases {
  const [made, taken] = Number.isInteger(scale) ? [scale, 1] : [2 * scale, 2];
  const phases = Array.from({ length: made }, (_, i): Phase => {
    const centre = (i + 0.5) / scale - 0.5;
    const base = Math.floor(centre) - LOBES + 1;
    const exact = Array.from({ length: TAPS }, (__, tap) => lanczos(base + tap - centre));
    const sum = exact.reduce((all, weight) => all + weight, 0);
    const weights = exact.map((weight) => Math.round((weight / sum) * 2 ** WEIGHT_BITS));
    // A grey area stays exactly as grey.
    const middle = exact.indexOf(Math.max(...exact));
    const missing = 2 ** WEIGHT_BITS - weights.reduce((all, weight) => all + weight, 0);
    weights[middle] = (weights[middle] ?? 0) + missing;
    return { base, weights: Int32Array.from(weights) };
  });
  return { taken, made, phases };
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const angle = Math.PI * x;
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / angle ** 2;
}

export interface Plane {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Enlarges planes of bytes by one factor, first all rows, then all columns; what lies beyond a border is as at it. */
export function createLanczos(scale: number): (plane: Plane, result: Uint8Array) => void {
  const phases = phasesOf(scale);
  let padded = new Uint8Array();
  let rows = new Int16Array();
  return ({ bytes, width, height }, result) => {
    const [wide, high] = [enlarged(width, scale), enlarged(height, scale)];
    // The last period may go beyond the row.
    const padding = TAPS + phases.taken;
    if (padded.length !== width + 2 * padding) padded = new Uint8Array(width + 2 * padding);
    if (rows.length !== wide * height) rows = new Int16Array(wide * height);
    for (let y = 0; y < height; y++) {
      const at = y * width;
      padded.fill(bytes[at] as number, 0, padding);
      padded.set(bytes.subarray(at, at + width), padding);
      padded.fill(bytes[at + width - 1] as number, padding + width);
      for (const [i, phase] of phases.phases.entries()) {
        widenRow(padded, rows, phase, {
          ...{ from: padding + phase.base, step: phases.taken },
          ...{ to: y * wide + i, end: (y + 1) * wide, stride: phases.made },
        });
      }
    }
    const clamped = new Uint8ClampedArray(result.buffer, result.byteOffset, wide * high);
    for (let y = 0; y < high; y++) {
      const phase = phases.phases[y % phases.made] as Phase;
      const first = Math.floor(y / phases.made) * phases.taken + phase.base;
      joinRows(rows, clamped, phase, { first, height, wide, to: y * wide });
    }
  };
}

interface RowSpan {
  readonly from: number;
  readonly step: number;
  readonly to: number;
  readonly end: number;
  readonly stride: number;
}

const ROW_SHIFT = WEIGHT_BITS - KEPT_BITS;
const COLUMN_SHIFT = WEIGHT_BITS + KEPT_BITS;

/** One phase of a row; a loop that the compiler makes tight: no calls, no bounds but the arrays' own. */
function widenRow(
  row: Uint8Array,
  out: Int16Array,
  { weights }: Phase,
  { from, step, to, end, stride }: RowSpan,
): void {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = weights;
  let at = from;
  for (let o = to; o < end; o += stride) {
    out[o] =
      ((row[at] as number) * a +
        (row[at + 1] as number) * b +
        (row[at + 2] as number) * c +
        (row[at + 3] as number) * d +
        (row[at + 4] as number) * e +
        (row[at + 5] as number) * f +
        (1 << (ROW_SHIFT - 1))) >>
      ROW_SHIFT;
    at += step;
  }
}

interface RowPlace {
  readonly first: number;
  readonly height: number;
  readonly wide: number;
  readonly to: number;
}

/** One row of the result, of six rows of `rows`. */
function joinRows(
  rows: Int16Array,
  out: Uint8ClampedArray,
  { weights }: Phase,
  { first, height, wide, to }: RowPlace,
): void {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = weights;
  const row = (tap: number): number => Math.min(height - 1, Math.max(0, first + tap)) * wide;
  const [r0, r1, r2, r3, r4, r5] = [row(0), row(1), row(2), row(3), row(4), row(5)];
  for (let x = 0; x < wide; x++) {
    out[to + x] =
      ((rows[r0 + x] as number) * a +
        (rows[r1 + x] as number) * b +
        (rows[r2 + x] as number) * c +
        (rows[r3 + x] as number) * d +
        (rows[r4 + x] as number) * e +
        (rows[r5 + x] as number) * f +
        (1 << (COLUMN_SHIFT - 1))) >>
      COLUMN_SHIFT;
  }
}
