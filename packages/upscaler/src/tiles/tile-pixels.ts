import { enlarged } from "@upreel/core/plain";
import type { TilePlan, TileSpan } from "./plan-tiles.ts";

/** uint8 planes of one picture, one after the other. */
export interface Planes {
  readonly bytes: Uint8Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export interface Tile {
  readonly column: TileSpan;
  readonly row: TileSpan;
}

export const tilesOf = ({ columns, rows }: TilePlan): readonly Tile[] =>
  rows.flatMap((row) => columns.map((column) => ({ column, row })));

/** The tile's pixels of `picture`; beyond its borders the border pixel repeats. */
export function cutTile({ bytes, channels, height, width }: Planes, { column, row }: Tile): Planes {
  const tile = new Uint8Array(channels * row.size * column.size);
  const [left, right] = [Math.max(0, column.from), Math.min(width, column.from + column.size)];
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = row.from; y < row.from + row.size; y++) {
      const line = (channel * height + Math.min(height - 1, Math.max(0, y))) * width;
      tile.fill(bytes[line] ?? 0, at, at + left - column.from);
      tile.set(bytes.subarray(line + left, line + right), at + left - column.from);
      tile.fill(bytes[line + width - 1] ?? 0, at + right - column.from, at + column.size);
      at += column.size;
    }
  }
  return { bytes: tile, channels, height: row.size, width: column.size };
}

/**
 * Writes the part of a tile's result that is kept into `result`. `trim`: input pixels that the network
 * lost at the top and on the left.
 */
export function pasteTile(
  result: Planes,
  tile: Planes,
  { column, row }: Tile,
  { scale, trim }: { readonly scale: number; readonly trim: number },
): void {
  const [left, top] = [column.keepFrom - column.from - trim, row.keepFrom - row.from - trim];
  const large = (pixels: number): number => enlarged(pixels, scale);
  const length = large(column.keepTo) - large(column.keepFrom);
  for (let channel = 0; channel < tile.channels; channel++) {
    for (let y = 0; y < large(row.keepTo) - large(row.keepFrom); y++) {
      const from = (channel * tile.height + large(top) + y) * tile.width + large(left);
      const to =
        (channel * result.height + large(row.keepFrom) + y) * result.width + large(column.keepFrom);
      result.bytes.set(tile.bytes.subarray(from, from + length), to);
    }
  }
}
