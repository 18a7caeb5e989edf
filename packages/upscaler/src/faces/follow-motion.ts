import type { Box } from "./read-detections.ts";
import type { Point } from "./similarity.ts";

/** The first plane of a frame: luma, or green. */
export interface Plane {
  readonly values: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Points a side that are compared. */
const GRID = 20;
/** A face moves by at most this share of its width from one frame to the next, else it is looked for anew. */
const REACH = 0.2;
/** Mean difference, in steps of 256, at which it is another picture. */
const LOST_ABOVE = 24;

/** How far the picture inside `box` moved from `before` to `now`, by whole pixels; undefined: it is not there. */
export function followMotion(before: Plane, now: Plane, box: Box): Point | undefined {
  const places = gridIn(box);
  const differenceAt = (dx: number, dy: number): number => {
    let [sum, count] = [0, 0];
    for (const { x, y } of places) {
      const one = valueAt(before, x, y);
      const other = valueAt(now, x + dx, y + dy);
      if (one === undefined || other === undefined) continue;
      sum += Math.abs(one - other);
      count++;
    }
    return count < places.length / 3 ? Infinity : sum / count;
  };
  let best = { x: 0, y: 0, difference: differenceAt(0, 0) };
  for (let step = powerBelow(REACH * box.width); step >= 1; step /= 2) {
    const from = best;
    for (const dy of [-step, 0, step]) {
      for (const dx of [-step, 0, step]) {
        const [x, y] = [from.x + dx, from.y + dy];
        const difference = differenceAt(x, y);
        if (difference < best.difference) best = { x, y, difference };
      }
    }
  }
  return best.difference > LOST_ABOVE ? undefined : { x: best.x, y: best.y };
}

const CUT_GRID = { columns: 32, rows: 18 } as const;
const CUT_ABOVE = 30;

/** Samples all over a frame. */
export function glanceAt({ values, width, height }: Plane, into: Uint8Array): void {
  let at = 0;
  for (let row = 0; row < CUT_GRID.rows; row++) {
    const y = Math.floor(((row + 0.5) * height) / CUT_GRID.rows);
    for (let column = 0; column < CUT_GRID.columns; column++) {
      const x = Math.floor(((column + 0.5) * width) / CUT_GRID.columns);
      into[at++] = values[y * width + x] ?? 0;
    }
  }
}

export const createGlance = (): Uint8Array => new Uint8Array(CUT_GRID.columns * CUT_GRID.rows);

/** Whether another scene begins between two glances. */
export function isCut(before: Uint8Array, now: Uint8Array): boolean {
  let sum = 0;
  for (const [i, value] of now.entries()) sum += Math.abs(value - (before[i] ?? 0));
  return sum / now.length > CUT_ABOVE;
}

function gridIn({ x, y, width, height }: Box): Point[] {
  return Array.from({ length: GRID * GRID }, (_, i) => ({
    x: Math.round(x + ((i % GRID) * width) / (GRID - 1)),
    y: Math.round(y + (Math.floor(i / GRID) * height) / (GRID - 1)),
  }));
}

function valueAt({ values, width, height }: Plane, x: number, y: number): number | undefined {
  return x < 0 || y < 0 || x >= width || y >= height ? undefined : values[y * width + x];
}

const powerBelow = (value: number): number => 2 ** Math.max(0, Math.floor(Math.log2(value)));
