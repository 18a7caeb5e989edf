import { LANDMARKS, type Point } from "./similarity.ts";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A face as a detector found it. */
export interface FoundFace {
  readonly box: Box;
  /** Eyes, nose, corners of the mouth, from left to right in the picture. */
  readonly points: readonly Point[];
  readonly score: number;
}

/** What YuNet says of one of its grids: as many rows as the grid has cells. */
export interface Grid {
  /** Pixels between two cells. */
  readonly stride: number;
  readonly columns: number;
  readonly cls: Float32Array;
  readonly obj: Float32Array;
  readonly bbox: Float32Array;
  readonly kps: Float32Array;
}

/** Faces are restored one after the other: a crowd would take minutes a frame, and nobody looks at each. */
export const MOST_FACES = 8;
const LEAST_SCORE = 0.6;
/** Boxes that share more than that of their area are the same face. */
const SAME_FACE = 0.3;
/** Of so many boxes the best are compared with each other: that takes the square of their number. */
const MOST_BOXES = 300;

/** The faces in the answers of YuNet, best first, in pixels of its picture; what is no number is no face. */
export function readDetections(grids: readonly Grid[]): FoundFace[] {
  const boxes = grids
    .flatMap(facesOf)
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST_BOXES);
  const found: FoundFace[] = [];
  for (const face of boxes) {
    if (found.length === MOST_FACES) break;
    if (found.every(({ box }) => overlapOf(box, face.box) <= SAME_FACE)) found.push(face);
  }
  return found;
}

function facesOf({ stride, columns, cls, obj, bbox, kps }: Grid): FoundFace[] {
  const found: FoundFace[] = [];
  for (let cell = 0; cell < cls.length; cell++) {
    const score = Math.sqrt(unit(cls[cell]) * unit(obj[cell]));
    if (!(score >= LEAST_SCORE)) continue;
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    const part = (k: number): number => bbox[4 * cell + k] ?? NaN;
    const [width, height] = [stride * Math.exp(part(2)), stride * Math.exp(part(3))];
    const box = {
      x: (column + part(0)) * stride - width / 2,
      y: (row + part(1)) * stride - height / 2,
      ...{ width, height },
    };
    const points = Array.from({ length: LANDMARKS }, (_, k) => ({
      x: (column + (kps[10 * cell + 2 * k] ?? NaN)) * stride,
      y: (row + (kps[10 * cell + 2 * k + 1] ?? NaN)) * stride,
    }));
    const figures = [...Object.values(box), ...points.flatMap(({ x, y }) => [x, y])];
    if (figures.every(Number.isFinite)) found.push({ box, points, score });
  }
  return found;
}

const unit = (value = NaN): number => Math.min(1, Math.max(0, value));

/** Shared area of two boxes, of what they cover together. */
export function overlapOf(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (!(width > 0 && height > 0)) return 0;
  const shared = width * height;
  return shared / (one.width * one.height + other.width * other.height - shared);
}
