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
  /** How far coloured pixels lie apart in hue: 0 all of one hue, 1 evenly around the circle. */
  readonly spread: number;
}

/** Darker pixels say nothing: films have black areas that are as flat as paint. */
const LEAST_LUMA = 24;
/** A picture with fewer pixels worth looking at is left out. */
const LEAST_SHARE = 1 / 8;
/** Steps in brightness to the neighbours, summed, up to which an area counts as flat. */
const FLAT_STEP = 3;
/** Levels from grey up to which a pixel has no hue worth the name: noise in chroma reaches that far. */
const LEAST_CHROMA = 6;
/** Share of a picture that a hue must have, and of coloured pixels that a spread needs. */
const LEAST_HUE_SHARE = 0.04;
const LEAST_COLOURED = 0.02;
const HUES = 12;
/** Chroma is at most 128·√2 levels from grey. */
const CHROMA_LEVELS = 182;

/** Figures of one planar 4:4:4 picture; undefined where most of it is black. */
export function contentFigures(
  picture: Uint8Array,
  width: number,
  height: number,
): ContentFigures | undefined {
  const plane = width * height;
  const at = (index: number): number => picture[index] ?? 0;
  /** Pixels by brightness and distance from grey. */
  const tones = new Uint32Array(256 * CHROMA_LEVELS);
  const hues = new Uint32Array(HUES);
  let [seen, flat, colour, coloured, towardU, towardV] = [0, 0, 0, 0, 0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const here = y * width + x;
      const luma = at(here);
      if (luma < LEAST_LUMA) continue;
      seen++;
      const step =
        Math.abs(at(here + 1) - at(here - 1)) + Math.abs(at(here + width) - at(here - width));
      if (step <= FLAT_STEP) flat++;
      const [u, v] = [at(plane + here) - 128, at(2 * plane + here) - 128];
      const chroma = Math.hypot(u, v);
      colour += chroma;
      const cell = luma * CHROMA_LEVELS + Math.round(chroma);
      tones[cell] = (tones[cell] as number) + 1;
      if (chroma <= LEAST_CHROMA) continue;
      coloured++;
      towardU += u / chroma;
      towardV += v / chroma;
      const turn = Math.atan2(v, u) / (2 * Math.PI) + 0.5;
      const hue = Math.min(HUES - 1, Math.floor(HUES * turn));
      hues[hue] = (hues[hue] as number) + 1;
    }
  }
  if (seen < LEAST_SHARE * plane) return undefined;
  return {
    flat: flat / seen,
    colour: colour / seen,
    tint: tintOf(tones, seen),
    hues: hues.filter((count) => count > LEAST_HUE_SHARE * seen).length,
    spread: coloured < LEAST_COLOURED * plane ? 0 : 1 - Math.hypot(towardU, towardV) / coloured,
  };
}

/** The least of the median distances from grey in thirds of the pixels, by brightness. */
function tintOf(tones: Uint32Array, seen: number): number {
  const thirds = [0, 1, 2].map(() => new Uint32Array(CHROMA_LEVELS));
  let before = 0;
  for (let luma = 0; luma < 256; luma++) {
    const row = tones.subarray(luma * CHROMA_LEVELS, (luma + 1) * CHROMA_LEVELS);
    const count = row.reduce((sum, each) => sum + each, 0);
    // All pixels of one brightness go where their middle one is.
    const third = thirds[Math.min(2, Math.floor((3 * (before + count / 2)) / seen))];
    for (const [chroma, each] of row.entries()) {
      if (third !== undefined) third[chroma] = (third[chroma] as number) + each;
    }
    before += count;
  }
  // A picture of one brightness has but one third.
  return Math.min(...thirds.flatMap((third) => medianLevel(third) ?? []));
}

/** The level of the middle pixel; undefined where there is none. */
function medianLevel(counts: Uint32Array): number | undefined {
  const half = counts.reduce((sum, each) => sum + each, 0) / 2;
  let sum = 0;
  const level = counts.findIndex((each) => (sum += each) > half);
  return level < 0 ? undefined : level;
}
