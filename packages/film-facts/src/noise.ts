import type { Luma } from "./luma.ts";

const BLOCK = 8;
/** Neither black nor white, which cut noise off. */
const [DARKEST, BRIGHTEST] = [32, 224];
/** Texture has more of what noise looks like: the calmest blocks have noise alone. */
const CALMEST = 0.2;
const LEAST_BLOCKS = 20;

/**
 * Standard deviation of the noise of a picture, after Immerkær ("Fast noise variance estimation", 1996): what is left of a block
 * when all that is smooth is taken from it, of the calmest fifth. undefined: too little of it is neither black nor white.
 */
export function noiseOf({ bytes, width, height }: Luma): number | undefined {
  const at = (index: number): number => bytes[index] ?? 0;
  const found: number[] = [];
  for (let top = 1; top + BLOCK < height; top += BLOCK)
    for (let left = 1; left + BLOCK < width; left += BLOCK) {
      let [sum, level] = [0, 0];
      for (let y = top; y < top + BLOCK; y += 1)
        for (let x = left; x < left + BLOCK; x += 1) {
          const here = y * width + x;
          const [up, down] = [here - width, here + width];
          level += at(here);
          const corners = at(up - 1) + at(up + 1) + at(down - 1) + at(down + 1);
          const sides = at(up) + at(down) + at(here - 1) + at(here + 1);
          sum += Math.abs(corners - 2 * sides + 4 * at(here));
        }
      const mean = level / BLOCK ** 2;
      if (mean < DARKEST || mean > BRIGHTEST) continue;
      found.push((Math.sqrt(Math.PI / 2) / (6 * BLOCK ** 2)) * sum);
    }
  if (found.length < LEAST_BLOCKS) return undefined;
  return found.toSorted((a, b) => a - b)[Math.floor(CALMEST * found.length)];
}

/** Of a pixel, in the mean. */
const LEAST_STEP = 0.05;
/** Larger steps are edges of what is shown. */
const LARGEST_STEP = 24;

/**
 * How much larger steps between columns are at the edges of blocks of eight than within them: 1 where nothing is left of
 * blocks. undefined: there is hardly a step.
 */
export function blockEdges({ bytes, width, height }: Luma): number | undefined {
  const sums = new Float64Array(BLOCK);
  for (let y = 0; y < height; y += 1)
    for (let x = 1; x < width - (width % BLOCK); x += 1) {
      const here = y * width + x;
      const step = Math.abs((bytes[here] ?? 0) - (bytes[here - 1] ?? 0));
      if (step <= LARGEST_STEP) sums[x % BLOCK] = (sums[x % BLOCK] ?? 0) + step;
    }
  const [edge = 0, ...inside] = sums;
  const usual = inside.reduce((sum, each) => sum + each, 0) / inside.length;
  return usual < LEAST_STEP * width * (height / BLOCK) ? undefined : edge / usual;
}
