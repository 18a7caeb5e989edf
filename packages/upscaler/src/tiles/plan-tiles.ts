import type { ModelSpec } from "@upreel/core";

/**
 * Tiles start at multiples of this where the network allows it: networks that work on blocks of 2, 4, 8
 * or 16 pixels then see the same blocks as in the whole picture.
 */
const GRID = 16;
/** Halo of networks of which nothing is known: that of 32 layers of 3×3. */
const UNKNOWN_HALO = 32;

/** A part of one side of a picture that goes through the network at once; all in input pixels. */
export interface TileSpan {
  /** May be negative and reach beyond the picture, where the border pixel repeats. */
  readonly from: number;
  readonly size: number;
  /** The part of the picture whose result is kept: [keepFrom, keepTo). */
  readonly keepFrom: number;
  readonly keepTo: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of tiles, row by row. */
export interface TilePlan {
  readonly columns: readonly TileSpan[];
  readonly rows: readonly TileSpan[];
}

/**
 * How a picture is cut for a network: in tiles of at most `tilePixels` pixels (but never so small that
 * they are all halo), or of the size that the network is bound to. Neighbours overlap by the halo on
 * both sides of a seam, so that each side of it sees what the whole picture would show it.
 */
export function planTiles(model: ModelSpec, picture: Size, tilePixels: number): TilePlan {
  const { fixed, halo = UNKNOWN_HALO } = model;
  if (fixed !== undefined) {
    const cut = { halo: Math.max(halo, fixed.trim, fixed.trimEnd), grid: 1, fixed };
    return {
      columns: planSpans(picture.width, { ...cut, size: fixed.width }),
      rows: planSpans(picture.height, { ...cut, size: fixed.height }),
    };
  }
  const { width, height } = tileSize(picture, Math.max(tilePixels, leastPixels(halo)));
  // Of ×1.5, a result begins at a whole pixel only where its part of the picture begins at one of four.
  const seams = Number.isInteger(model.scale) ? 1 : 4;
  const cut = { halo: halo + seams - 1, grid: GRID, seams };
  return {
    columns: planSpans(picture.width, { ...cut, size: width }),
    rows: planSpans(picture.height, { ...cut, size: height }),
  };
}

/** Pixels of the smallest tile that is worth while: at least half of each side is kept. */
export function leastPixels(halo = UNKNOWN_HALO): number {
  const side = 4 * halo + 4 * GRID;
  return side * side;
}

/** As square as the picture allows: the least halo for so many pixels. */
function tileSize({ width, height }: Size, pixels: number): Size {
  if (width * height <= pixels) return { width, height };
  const side = Math.floor(Math.sqrt(pixels) / GRID) * GRID;
  const fitting = (other: number): number => Math.floor(pixels / other / GRID) * GRID;
  if (width <= side) return { width, height: Math.min(height, fitting(width)) };
  if (height <= side) return { width: Math.min(width, fitting(height)), height };
  return { width: side, height: side };
}

interface Cut {
  readonly size: number;
  readonly halo: number;
  readonly grid: number;
  /** Seams lie at multiples of this. */
  readonly seams?: number;
  readonly fixed?: { readonly trim: number; readonly trimEnd: number };
}

function planSpans(
  length: number,
  { size, halo, grid, fixed, seams = 1 }: Cut,
): readonly TileSpan[] {
  const { trim, trimEnd } = fixed ?? { trim: 0, trimEnd: 0 };
  const isWhole = length + trim + trimEnd <= size;
  if (isWhole) {
    return [
      { from: -trim, size: fixed === undefined ? length : size, keepFrom: 0, keepTo: length },
    ];
  }
  const [first, end] = [-trim, length + trimEnd];
  // Starts are moved back to the grid by up to grid − 1: that much more must overlap.
  const step = Math.max(1, size - 2 * halo - (grid - 1));
  const count = Math.max(2, Math.ceil((end - first - 2 * halo) / step));
  const starts = Array.from({ length: count }, (_, at) => {
    const start = first + Math.floor((at * (end - first - size)) / (count - 1));
    return Math.floor(start / grid) * grid;
  });
  return starts.map((from, at): TileSpan => {
    const [before, after] = [starts[at - 1], starts[at + 1]];
    return {
      from,
      // What the grid took from the last start is given back at its end.
      size: after === undefined && fixed === undefined ? end - from : size,
      keepFrom: before === undefined ? 0 : seam(before, from, size, seams),
      keepTo: after === undefined ? length : seam(from, after, size, seams),
    };
  });
}

/** In the middle of the overlap of two neighbours. */
const seam = (left: number, right: number, size: number, multiple: number): number =>
  Math.floor((left + size + right) / 2 / multiple) * multiple;
