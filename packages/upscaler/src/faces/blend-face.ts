import type { ColourMatrix } from "./colour-matrix.ts";
import type { Rgb } from "./cut-face.ts";
import { planesOf, type FrameForm, type PlaneForm } from "./frame-form.ts";
import { applyTo, scaleOf, type Similarity } from "./similarity.ts";

/** The mask is whole up to this part of the way from the middle of the face's square to its side, and ends at the other. */
const WHOLE_UP_TO = 0.7;
const ENDS_AT = 0.95;

/**
 * How much of the restored face is taken at (u, v) of a square of `size`: 1 in the middle, 0 at the sides, smooth
 * between; a square with round corners (Lamé curve of degree 4), since the chin and the hair are near its sides.
 */
export function maskAt(u: number, v: number, size: number): number {
  const middle = (size - 1) / 2;
  const [x, y] = [(u - middle) / (size / 2), (v - middle) / (size / 2)];
  const square = Math.sqrt(x ** 4 + y ** 4);
  if (square >= ENDS_AT ** 2) return 0;
  if (square <= WHOLE_UP_TO ** 2) return 1;
  const part = (ENDS_AT - Math.sqrt(square)) / (ENDS_AT - WHOLE_UP_TO);
  return part * part * (3 - 2 * part);
}

export interface FaceChange {
  /** Side of the square that was cut out and restored. */
  readonly size: number;
  readonly before: Rgb;
  readonly after: Rgb;
  /** From the frame to the square. */
  readonly toFace: Similarity;
  readonly toFrame: Similarity;
  /** 0 to 1. */
  readonly strength: number;
}

/**
 * Adds to the frame what the restorer changed. What it left alone stays bit for bit, however the square was turned and
 * scaled: only differences go back through the transforms and the colours. Nothing outside the mask is written.
 */
export function blendFace(
  frame: Uint8Array,
  form: FrameForm,
  matrix: ColourMatrix,
  change: FaceChange,
): void {
  const differences = differencesOf(matrix, change);
  for (const [index, plane] of planesOf(form).entries()) {
    const difference = differences[index];
    if (difference !== undefined) addDifference(frame, plane, difference, change);
  }
}

interface Image {
  readonly size: number;
  readonly values: Float32Array;
}

function differencesOf(matrix: ColourMatrix, { size, before, after }: FaceChange): Image[] {
  const planes = [0, 1, 2].map(() => new Float32Array(size * size));
  for (let i = 0, at = 0; i < size * size; i++, at += 3) {
    const samples = matrix.toSamples(
      (after[at] ?? 0) - (before[at] ?? 0),
      (after[at + 1] ?? 0) - (before[at + 1] ?? 0),
      (after[at + 2] ?? 0) - (before[at + 2] ?? 0),
    );
    for (const [k, plane] of planes.entries()) plane[i] = samples[k] ?? 0;
  }
  return planes.map((values) => ({ size, values }));
}

function addDifference(
  frame: Uint8Array,
  plane: PlaneForm,
  difference: Image,
  { toFace, toFrame, strength, size }: FaceChange,
): void {
  const { left, top, right, bottom } = boundsIn(plane, toFrame, size);
  // Of a face that is small in the frame, means of the pixels that fall together.
  const image = shrunk(difference, plane.step * scaleOf(toFace));
  const share = image.size / size;
  const { a, b, tx, ty } = toFace;
  for (let j = top; j <= bottom; j++) {
    const y = j * plane.step + plane.top;
    for (let i = left; i <= right; i++) {
      const x = i * plane.step + plane.left;
      const u = a * x - b * y + tx;
      const v = b * x + a * y + ty;
      const weight = strength * maskAt(u, v, size);
      if (weight <= 0) continue;
      const at = plane.offset + j * plane.width + i;
      const by = weight * valueAt(image, (u + 0.5) * share - 0.5, (v + 0.5) * share - 0.5);
      const value = Math.round((frame[at] ?? 0) + by);
      frame[at] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}

/** The samples of a plane in which the square lies, corners and all. */
function boundsIn(plane: PlaneForm, toFrame: Similarity, size: number) {
  const corners = [0, size].flatMap((x) => [0, size].map((y) => applyTo(toFrame, { x, y })));
  const xs = corners.map(({ x }) => (x - plane.left) / plane.step);
  const ys = corners.map(({ y }) => (y - plane.top) / plane.step);
  return {
    left: Math.max(0, Math.floor(Math.min(...xs))),
    right: Math.min(plane.width - 1, Math.ceil(Math.max(...xs))),
    top: Math.max(0, Math.floor(Math.min(...ys))),
    bottom: Math.min(plane.height - 1, Math.ceil(Math.max(...ys))),
  };
}

/** Halved until a sample of the plane spans less than two of its pixels. */
function shrunk(image: Image, pixelsPerSample: number): Image {
  let now = image;
  for (let left = pixelsPerSample; left >= 2 && now.size % 2 === 0; left /= 2) now = halved(now);
  return now;
}

function halved({ size, values }: Image): Image {
  const half = size / 2;
  const means = new Float32Array(half * half);
  for (let j = 0, to = 0; j < size; j += 2) {
    for (let i = 0; i < size; i += 2, to++) {
      const at = j * size + i;
      const upper = (values[at] ?? 0) + (values[at + 1] ?? 0);
      means[to] = (upper + (values[at + size] ?? 0) + (values[at + size + 1] ?? 0)) / 4;
    }
  }
  return { size: half, values: means };
}

function valueAt({ size, values }: Image, u: number, v: number): number {
  const x = Math.min(size - 1, Math.max(0, u));
  const y = Math.min(size - 1, Math.max(0, v));
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const at = top * size + left;
  const right = left + 1 < size ? 1 : 0;
  const below = top + 1 < size ? size : 0;
  const [fx, fy] = [x - left, y - top];
  const upper = lerp(values[at] ?? 0, values[at + right] ?? 0, fx);
  return lerp(upper, lerp(values[at + below] ?? 0, values[at + below + right] ?? 0, fx), fy);
}

const lerp = (one: number, two: number, part: number): number => one + part * (two - one);
