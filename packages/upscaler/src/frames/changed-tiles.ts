/** Side of a tile in input pixels: a macroblock of H.264, which most of what stands still is made of. */
export const TILE = 16;

/** Which tiles of a picture changed; those at the right and bottom border may be smaller. */
export interface TileGrid {
  readonly columns: number;
  readonly rows: number;
  /** Row by row, 1 for a changed tile. */
  readonly changed: Uint8Array;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
  /** Planes of this size, one after the other. */
  readonly channels: number;
}

export function createTileGrid({ width, height }: PictureSize): TileGrid {
  const [columns, rows] = [Math.ceil(width / TILE), Math.ceil(height / TILE)];
  return { columns, rows, changed: new Uint8Array(columns * rows) };
}

/** Rows of a picture that are compared: all, or one of each row of tiles. */
export type ComparedRows = "all" | "one-in-each-tile";

/**
 * Marks the tiles in which two pictures differ, those marked before among them.
 * Compares words of four pixels, which the compiler makes a tight loop of: an eighth of what
 * `Buffer.compare` takes for each row of each tile. A word that lies across a tile's border counts for
 * both: at odd widths a tile may be marked without need, never left out.
 */
export function markChangedTiles(
  { columns, changed }: TileGrid,
  { width, height, channels }: PictureSize,
  now: Int32Array,
  before: Int32Array,
  rows: ComparedRows,
): void {
  const [first, step] = rows === "all" ? [0, 1] : [TILE >> 1, TILE];
  const last = height - 1;
  for (let channel = 0; channel < channels; channel++) {
    // The last tiles may be so low that the middle of a whole one lies beyond them.
    for (let at = first; at < last + step; at += step) {
      const y = Math.min(at, last);
      const row = (y / TILE) | 0;
      const start = (channel * height + y) * width;
      for (let column = 0; column < columns; column++) {
        const tile = row * columns + column;
        if (changed[tile] === 1) continue;
        const left = start + column * TILE;
        const end = (Math.min(left + TILE, start + width) + 3) >> 2;
        let difference = 0;
        for (let word = left >> 2; word < end; word++) {
          difference |= (now[word] as number) ^ (before[word] as number);
        }
        if (difference !== 0) changed[tile] = 1;
      }
    }
  }
}
