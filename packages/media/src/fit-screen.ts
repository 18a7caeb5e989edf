import { enlarged } from "@upreel/core";
import type { Size } from "./picture-size.ts";

/** Factors that the built-in networks have. */
export const BUILT_IN_FACTORS = [1.5, 2] as const;

export interface Screen {
  /** Its short side in lines; it is 16:9. */
  readonly lines: number;
  /** By how much networks that may be used enlarge. */
  readonly factors: readonly number[];
  /** H.264 levels that players have end at so many pixels a side. */
  readonly longestSide: number;
}

/** Less than that is not worth an upscale: the player scales it as well. */
const LEAST_GAIN = 1.1;
/** A network that misses the screen by so little is taken: the next larger one costs twice as much. */
const NEARLY = 0.95;

/**
 * The size that a picture of `input` gets for a screen: by the smallest factor that reaches it, and never larger
 * than it; where no factor reaches it, by the largest one. The rest is left to the player, which is spared no
 * scaling by ours. Undefined where the picture fills the screen already.
 */
export function fitScreen(input: Size, { lines, factors, longestSide }: Screen): Size | undefined {
  const short = Math.min(input.width, input.height);
  const long = Math.max(input.width, input.height);
  const screen = { short: lines, long: Math.min(longestSide, 2 * Math.round((lines * 8) / 9)) };
  const needed = Math.min(screen.short / short, screen.long / long);
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

/** Even, as 4:2:0 wants. */
const made = (pixels: number, factor: number): number =>
  2 * Math.ceil(enlarged(pixels, factor) / 2);
