import type { PictureSize } from "./changed-tiles.ts";
import { area, type Box } from "./plan-work.ts";

/**
 * What codecs leave of black: at crf 30 bars of 16 hold 14 to 18, and the rows beside the picture more. It cannot be seen,
 * and it changes with every picture.
 */
const TOLERANCE = 2;
/** Black of full and of limited range; of planes after the first, no colour, too. */
const BLACKS = [0, 16] as const;
const BLACKS_AND_GREY = [...BLACKS, 128] as const;
/** Pixels: what is less is not worth a change, as both halos of the fastest networks are as much. */
const LEAST_BAR = 8;

/** What a picture has of bars. */
export interface Bars {
  /** What lies between them; empty in a picture that is all black. */
  readonly between: Box;
  /** Their bytes in each plane, the first one's lowest. */
  readonly black: number;
}

/**
 * Makes bars that are black but for what a codec left there wholly black, in place, and says what of the picture lies between them. Who
 * compares pictures finds nothing in bars then. A row or a column with one pixel that is not black is no bar, nor is any behind it:
 * a subtitle there belongs to the picture.
 */
export function cleanBars(picture: Uint8Array, size: PictureSize): Bars {
  const { width, height } = size;
  const whole = { left: 0, top: 0, right: width, bottom: height };
  const blacks = blacksAt(picture, size, 0) ?? blacksAt(picture, size, width * height - 1);
  if (blacks === undefined) return { between: whole, black: 0 };
  const black = blacks.reduce((all, each, channel) => all | (each << (8 * channel)), 0);
  const top = cleanRows(picture, size, blacks, { from: 0, to: height, step: 1 });
  if (top === height) return { between: { ...whole, right: 0, bottom: 0 }, black };
  const fromBelow = { from: height - 1, to: top, step: -1 } as const;
  const bottom = height - cleanRows(picture, size, blacks, fromBelow);
  const rows = { top, bottom };
  const left = cleanColumns(picture, size, blacks, rows, { from: 0, step: 1 });
  const right = width - cleanColumns(picture, size, blacks, rows, { from: width - 1, step: -1 });
  return { between: { left, right, ...rows }, black };
}

/** What lies between the bars of either of two pictures: without it both are the same. */
export function betweenBoth(a: Bars, b: Bars, { width, height }: PictureSize): Box {
  if (a.black !== b.black) return { left: 0, top: 0, right: width, bottom: height };
  const [one, other] = [a.between, b.between];
  if (area(one) === 0) return other;
  if (area(other) === 0) return one;
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}

/** Rows or columns one after the other, away from a border. */
interface Way {
  readonly from: number;
  readonly step: 1 | -1;
}

/** How many rows of black there are; none where they are no bar. */
function cleanRows(
  picture: Uint8Array,
  { width, height }: PictureSize,
  blacks: readonly number[],
  { from, to, step }: Way & { readonly to: number },
): number {
  const rowAt = (channel: number, y: number): number => (channel * height + y) * width;
  let y = from;
  while (y !== to && blacks.every((black, c) => isBlack(picture, rowAt(c, y), width, black))) {
    y += step;
  }
  const rows = Math.abs(y - from);
  if (rows < LEAST_BAR && rows < height) return 0;
  const first = Math.min(from, y - step);
  for (const [c, black] of blacks.entries()) {
    picture.fill(black, rowAt(c, first), rowAt(c, first + rows));
  }
  return rows;
}

/** How many columns of black there are between `top` and `bottom`; none where they are no bar. */
function cleanColumns(
  picture: Uint8Array,
  { width, height }: PictureSize,
  blacks: readonly number[],
  { top, bottom }: Pick<Box, "top" | "bottom">,
  { from, step }: Way,
): number {
  let columns = width;
  for (const [c, black] of blacks.entries()) {
    for (let y = top; y < bottom && columns >= LEAST_BAR; y++) {
      const start = (c * height + y) * width + from;
      let x = 0;
      while (x < columns && isNear(picture[start + step * x] as number, black)) x++;
      columns = x;
    }
  }
  if (columns < LEAST_BAR) return 0;
  const left = step === 1 ? 0 : width - columns;
  for (const [c, black] of blacks.entries()) {
    for (let y = top; y < bottom; y++) {
      const start = (c * height + y) * width + left;
      picture.fill(black, start, start + columns);
    }
  }
  return columns;
}

/** The black of each plane, as one pixel has it; undefined where that is not black. */
function blacksAt(
  picture: Uint8Array,
  { width, height, channels }: PictureSize,
  pixel: number,
): number[] | undefined {
  const blacks: number[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const value = picture[channel * width * height + pixel] as number;
    const known = channel === 0 ? BLACKS : BLACKS_AND_GREY;
    const black = known.find((each) => isNear(value, each));
    if (black === undefined) return undefined;
    blacks.push(black);
  }
  return blacks;
}

const isNear = (value: number, black: number): boolean =>
  value <= black + TOLERANCE && value >= black - TOLERANCE;

function isBlack(picture: Uint8Array, start: number, length: number, black: number): boolean {
  const [least, most] = [black - TOLERANCE, black + TOLERANCE];
  for (let at = start; at < start + length; at++) {
    const value = picture[at] as number;
    if (value < least || value > most) return false;
  }
  return true;
}
