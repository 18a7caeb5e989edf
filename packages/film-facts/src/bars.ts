import type { FilmFacts } from "@upreel/core";
import type { Luma } from "./luma.ts";

/** Black is 16, or 0; codecs leave something of it. */
const BLACKEST = 24;
/** Of a line of a bar; a logo or a subtitle leaves less. */
const BLACK_SHARE = 0.98;
/** Fewer lines are what the edge of a picture is like. */
const LEAST_LINES = 8;

/** Of the line beside a bar: that cuts through the picture, and what is only dark becomes bright by and by. */
const CUT_SHARE = 0.25;

type Bars = NonNullable<FilmFacts["bars"]>;
/** undefined: where the picture begins is too dark to tell. */
export type SeenBars = { readonly [Side in keyof Bars]: number | undefined };

/**
 * The bars of a film, by those of some of its pictures: at each side what three of four have. Dark scenes have more, pictures with a
 * subtitle in a bar less. null: all of it was too dark.
 */
export function usualBars(pictures: readonly SeenBars[]): Bars | null {
  const found = pictures.filter((bars) => Object.values(bars).some((lines) => lines !== undefined));
  if (found.length === 0) return null;
  const side = (name: keyof Bars): number => {
    const known = found.map((bars) => bars[name]).filter((lines) => lines !== undefined);
    const usual = known.toSorted((one, other) => one - other)[known.length >> 2] ?? 0;
    return usual < LEAST_LINES ? 0 : usual;
  };
  return { top: side("top"), bottom: side("bottom"), left: side("left"), right: side("right") };
}

/** The bars of one picture. */
export function barsOf({ bytes, width, height, step }: Luma): SeenBars {
  const blackIn = (start: number, stride: number, count: number): number => {
    let black = 0;
    for (let n = 0; n < count; n += 1) if ((bytes[start + n * stride] ?? 0) <= BLACKEST) black += 1;
    return black / count;
  };
  const row = (y: number): number => blackIn(y * width, 1, width);
  const column = (x: number): number => blackIn(x, width, height);
  const inPicture = (lines: number | undefined): number | undefined =>
    lines === undefined ? undefined : step * lines;
  return {
    top: inPicture(barFrom(height, row)),
    bottom: inPicture(barFrom(height, (n) => row(height - 1 - n))),
    left: barFrom(width, column),
    right: barFrom(width, (n) => column(width - 1 - n)),
  };
}

/** Lines of a bar that begins with line 0; undefined where it does not end at once, or not at all. */
function barFrom(length: number, blackOf: (line: number) => number): number | undefined {
  let line = 0;
  while (line < length && blackOf(line) >= BLACK_SHARE) line += 1;
  if (line === 0) return 0;
  return line < length && blackOf(line) <= 1 - CUT_SHARE ? line : undefined;
}
