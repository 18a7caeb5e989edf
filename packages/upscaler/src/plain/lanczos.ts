import { enlarged } from "@upreel/core";
import { createKernels } from "./kernels.ts";

/** Lanczos with three lobes, as ffmpeg's scaler has it: six pixels for each, at any of these factors. */
const LOBES = 3;
const TAPS = 2 * LOBES;
const WEIGHT_BITS = 12;

/** Of the pixels made for a period of input: where the first of its six pixels lies in it, and their weights. */
interface Phase {
  readonly base: number;
  /** Two in each word, as the kernels take them. */
  readonly weights: readonly [number, number, number];
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
    const pair = (at: number): number =>
      ((weights[at] ?? 0) & 0xffff) | ((weights[at + 1] ?? 0) << 16);
    return { base, weights: [pair(0), pair(2), pair(4)] };
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

/** Pixels beside a row that repeat its border; even, so that every other pixel of a row is where it was. */
const PADDING = 16;
const PAGE = 65_536;
const upTo = (multiple: number, value: number): number => Math.ceil(value / multiple) * multiple;

/** Enlarges planes of bytes by one factor, first all columns, then all rows; what lies beyond a border is as at it. */
export function createLanczos(scale: number): (plane: Plane, result: Uint8Array) => void {
  const { taken, made, phases } = phasesOf(scale);
  const { memory, columns, rows, split, zip2, zip3, zip4 } = createKernels();
  const zip = [undefined, undefined, zip2, zip3, zip4][made];

  /** One after the other in the kernels' memory, each with room for a last vector. */
  function layOut({ width, height }: Plane) {
    const padded = upTo(32, width + 2 * PADDING + 32);
    const plane = 0;
    const row = upTo(16, width * height + 32);
    const halves = row + 2 * padded;
    const parts = halves + 2 * padded;
    const part = upTo(16, Math.ceil(width / taken) + 32);
    const zipped = parts + made * part;
    const end = zipped + made * part;
    if (memory.buffer.byteLength < end) {
      memory.grow(Math.ceil((end - memory.buffer.byteLength) / PAGE));
    }
    return { plane, row, padded, halves, parts, part, zipped };
  }

  return (source, result) => {
    const { bytes, width, height } = source;
    const [wide, high] = [enlarged(width, scale), enlarged(height, scale)];
    const { plane, row, padded, halves, parts, part, zipped } = layOut(source);
    const all = new Uint8Array(memory.buffer);
    const middle = new Int16Array(memory.buffer, row, padded);
    all.set(bytes.subarray(0, width * height), plane);
    const count = Math.ceil(wide / made);
    for (let y = 0; y < high; y++) {
      const { base, weights } = phases[y % made] as Phase;
      const first = Math.floor(y / made) * taken + base;
      const line = (tap: number): number =>
        plane + Math.min(height - 1, Math.max(0, first + tap)) * width;
      columns(
        ...[line(0), line(1), line(2), line(3), line(4), line(5)],
        ...[row + 2 * PADDING, upTo(8, width), ...weights],
      );
      middle.fill(middle[PADDING] as number, 0, PADDING);
      middle.fill(middle[PADDING + width - 1] as number, PADDING + width);
      if (taken === 2) split(row, halves, halves + padded, upTo(16, padded));
      for (const [i, phase] of phases.entries()) {
        const from = PADDING + phase.base;
        const pixel = (tap: number): number => {
          const at = from + tap;
          return taken === 1 ? row + 2 * at : halves + (at & 1) * padded + 2 * (at >> 1);
        };
        rows(
          ...[pixel(0), pixel(1), pixel(2), pixel(3), pixel(4), pixel(5)],
          ...[parts + i * part, upTo(16, 2 * count), ...phase.weights],
        );
      }
      const to = y * wide;
      if (made === 1) result.set(all.subarray(parts, parts + wide), to);
      else if (zip === undefined)
        takeInTurn(all, { parts, part, made }, result.subarray(to, to + wide));
      else {
        zip(parts, part, zipped, upTo(16, count));
        result.set(all.subarray(zipped, zipped + wide), to);
      }
    }
  };
}

/** Slower than a kernel, for factors that nobody uses for films. */
function takeInTurn(
  all: Uint8Array,
  { parts, part, made }: { readonly parts: number; readonly part: number; readonly made: number },
  result: Uint8Array,
): void {
  for (let x = 0; x < result.length; x++) {
    result[x] = all[parts + (x % made) * part + Math.floor(x / made)] as number;
  }
}
