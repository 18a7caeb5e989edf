import { enlarged } from "@upreel/core";
import type { Size } from "../picture/picture-size.ts";

/** Factors that the built-in networks have for any film. */
export const BUILT_IN_FACTORS = [1.5, 2] as const;
/** Further factors, for films that fill the screen exactly with one of them, on machines that can keep up (decision 63). */
const EXACT_FACTORS = [3, 4] as const;

interface Bounds {
  /** The short side of the screen in lines; it is 16:9. */
  readonly lines: number;
  /** H.264 levels that players have end at so many pixels a side. */
  readonly longestSide: number;
}

export interface Screen extends Bounds {
  /** The factors by which the networks that may be used enlarge. */
  readonly factors: readonly number[];
}

/** An enlargement by less than this is not worth an upscale: the player does it as well. */
const LEAST_GAIN = 1.1;
/** A network that misses the screen by so little is taken: the next larger one costs twice as much. */
const NEARLY = 0.95;

/**
 * The size that a picture of `input` gets for a screen: by the smallest factor that reaches it, and never larger
 * than it; where no factor reaches it, by the largest one. The rest is left to the player, which is spared no
 * scaling by ours. Undefined where the picture fills the screen already.
 */
export function fitScreen(input: Size, { factors, ...bounds }: Screen): Size | undefined {
  const { short, screen, needed } = compare(input, bounds);
  if (needed < LEAST_GAIN) return undefined;
  const rising = factors.toSorted((a, b) => a - b);
  const factor = rising.find((each) => each >= NEARLY * needed) ?? rising.at(-1) ?? needed;
  if (factor <= needed)
    return { width: made(input.width, factor), height: made(input.height, factor) };
  const fit = (pixels: number): number =>
    Math.min(
      2 * Math.round((pixels * needed) / 2),
      2 * Math.floor((pixels === short ? screen.short : screen.long) / 2),
    );
  return { width: fit(input.width), height: fit(input.height) };
}

/** By how much a picture would have to be enlarged to fill the screen; sides in pixels. */
function compare(input: Size, { lines, longestSide }: Bounds) {
  const short = Math.min(input.width, input.height);
  const long = Math.max(input.width, input.height);
  const screen = { short: lines, long: Math.min(longestSide, 2 * Math.round((lines * 8) / 9)) };
  return { short, screen, needed: Math.min(screen.short / short, screen.long / long) };
}

/** The factor beyond 2 with which a picture fills the screen, or nearly so, and nothing is scaled down; undefined: none. */
export function exactFactor(input: Size, bounds: Bounds): number | undefined {
  const { needed } = compare(input, bounds);
  return EXACT_FACTORS.find((factor) => factor <= needed && factor >= NEARLY * needed);
}

/** Even, as 4:2:0 wants. */
const made = (pixels: number, factor: number): number =>
  2 * Math.ceil(enlarged(pixels, factor) / 2);
