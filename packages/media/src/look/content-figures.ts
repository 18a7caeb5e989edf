/** What tells drawn and rendered pictures from filmed ones, of one picture or the medians of some. */
export interface ContentFigures {
  /** Share of the picture, 0 to 1, that is no step in brightness. */
  readonly flat: number;
  /** Mean distance from grey, in levels. */
  readonly colour: number;
  /** Of its dark, middle and bright third the one nearest to grey: median distance from it, in levels. */
  readonly tint: number;
  /** How many of twelve hues have a share worth naming. */
  readonly hues: number;
  /** How far coloured parts lie apart in hue: 0 all of one hue, 1 evenly around the circle. */
  readonly spread: number;
}

/** An 8-bit planar 4:4:4 picture. */
interface Picture {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Darker pixels say nothing: films have black areas that are as flat as paint. */
const LEAST_LUMA = 24;
/** A picture with fewer pixels worth looking at is left out. */
const LEAST_SHARE = 1 / 8;
/** Steps in brightness to the neighbours, summed, up to which an area counts as flat. */
const FLAT_STEP = 3;
/** Side of the squares whose mean colour counts: noise has colour everywhere, too. */
const SQUARE = 4;
/** Levels from grey up to which a square has no hue worth the name. */
const LEAST_CHROMA = 6;
/** Share of a picture that a hue must have, and of coloured squares that a spread needs. */
const LEAST_HUE_SHARE = 0.04;
const LEAST_COLOURED = 0.02;
const HUES = 12;

/** Figures of one planar 4:4:4 picture; undefined where most of it is black. */
export function contentFigures(
  bytes: Uint8Array,
  width: number,
  height: number,
): ContentFigures | undefined {
  const picture = { bytes, width, height };
  const surface = surfaceOf(picture);
  const palette = paletteOf(picture);
  return surface && palette && { ...surface, ...palette };
}

function surfaceOf({ bytes, width, height }: Picture) {
  const plane = width * height;
  const at = (index: number): number => bytes[index] ?? 0;
  let [seen, flat, colour] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const here = y * width + x;
      if (at(here) < LEAST_LUMA) continue;
      seen++;
      const step =
        Math.abs(at(here + 1) - at(here - 1)) + Math.abs(at(here + width) - at(here - width));
      if (step <= FLAT_STEP) flat++;
      colour += Math.hypot(at(plane + here) - 128, at(2 * plane + here) - 128);
    }
  }
  return seen < LEAST_SHARE * plane ? undefined : { flat: flat / seen, colour: colour / seen };
}

/** The mean colour of a square. */
interface Square {
  readonly luma: number;
  readonly u: number;
  readonly v: number;
  /** Distance from grey. */
  readonly chroma: number;
}

function paletteOf(picture: Picture) {
  const squares = squaresOf(picture).filter(({ luma }) => luma >= LEAST_LUMA);
  if (squares.length === 0) return undefined;
  const coloured = squares.filter(({ chroma }) => chroma > LEAST_CHROMA);
  const hues = new Uint32Array(HUES);
  let [towardU, towardV] = [0, 0];
  for (const { u, v, chroma } of coloured) {
    towardU += u / chroma;
    towardV += v / chroma;
    const turn = Math.atan2(v, u) / (2 * Math.PI) + 0.5;
    const hue = Math.min(HUES - 1, Math.floor(HUES * turn));
    hues[hue] = (hues[hue] as number) + 1;
  }
  const isGrey = coloured.length < LEAST_COLOURED * squares.length;
  return {
    tint: tintOf(squares),
    hues: hues.filter((count) => count > LEAST_HUE_SHARE * squares.length).length,
    spread: isGrey ? 0 : 1 - Math.hypot(towardU, towardV) / coloured.length,
  };
}

function squaresOf({ bytes, width, height }: Picture): readonly Square[] {
  const plane = width * height;
  const squares: Square[] = [];
  for (let top = 0; top + SQUARE <= height; top += SQUARE) {
    for (let left = 0; left + SQUARE <= width; left += SQUARE) {
      const mean = (channel: number): number => {
        let sum = 0;
        for (let y = top; y < top + SQUARE; y++) {
          const row = channel * plane + y * width;
          for (let x = left; x < left + SQUARE; x++) sum += bytes[row + x] ?? 0;
        }
        return sum / SQUARE ** 2;
      };
      const [u, v] = [mean(1) - 128, mean(2) - 128];
      squares.push({ luma: mean(0), u, v, chroma: Math.hypot(u, v) });
    }
  }
  return squares;
}

/** The least of the median distances from grey in thirds by brightness. */
function tintOf(squares: readonly Square[]): number {
  const byLuma = squares.toSorted((a, b) => a.luma - b.luma);
  const third = Math.ceil(byLuma.length / 3);
  return Math.min(
    ...[0, third, 2 * third].map((from) => {
      const chromas = byLuma.slice(from, from + third).map(({ chroma }) => chroma);
      return chromas.toSorted((a, b) => a - b)[chromas.length >> 1] ?? Infinity;
    }),
  );
}
