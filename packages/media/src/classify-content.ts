import type { Content } from "@upreel/core";

/** 8-bit planar 4:4:4 frames, one after the other. */
export interface SampleFrames {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What a film seems to be, and what that was told by. */
export interface ContentGuess {
  readonly content: Content;
  /** The end of a sentence: `flat areas on 96 % of the picture, …`. */
  readonly why: string;
}

/** Darker pixels say nothing: films have black areas that are as flat as paint. */
const LEAST_LUMA = 24;
/** Steps in brightness to the neighbours, summed, up to which an area counts as flat. */
const FLAT_STEP = 3;
/** A frame with fewer pixels worth looking at is left out. */
const LEAST_SHARE = 1 / 8;
/** Painted areas: more than any film had; those of live action reach 0.8, but hardly any colour. */
const LEAST_FLAT = 0.6;
/** Distance from grey in levels. Sheets, walls and screens are flat and grey; paint is flat and coloured. */
const LEAST_COLOUR = 15;

/**
 * Whether a film is drawn: most of the picture flat **and** coloured, in the median of the samples.
 * Computer animation with textures and old cartoons with grain look like film in this, and to networks,
 * too.
 */
export function classifyContent({ bytes, width, height }: SampleFrames): ContentGuess {
  const size = 3 * width * height;
  const looks = Array.from({ length: Math.floor(bytes.length / size) }, (_, n) =>
    lookAt(bytes.subarray(n * size, (n + 1) * size), width, height),
  ).filter((look) => look.share >= LEAST_SHARE);
  if (looks.length === 0) return { content: "film", why: "nothing but dark pictures were found" };
  const flat = median(looks.map((look) => look.flat));
  const colour = median(looks.map((look) => look.colour));
  const content = flat >= LEAST_FLAT && colour >= LEAST_COLOUR ? "animation" : "film";
  const why = `${(100 * flat).toFixed(0)} % of the picture is flat, colours are ${colour.toFixed(0)} levels from grey (animation: at least ${100 * LEAST_FLAT} % and ${LEAST_COLOUR})`;
  return { content, why };
}

interface Look {
  /** Of the frame that is worth looking at. */
  readonly share: number;
  readonly flat: number;
  readonly colour: number;
}

function lookAt(frame: Uint8Array, width: number, height: number): Look {
  const plane = width * height;
  const at = (index: number): number => frame[index] ?? 0;
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
  return {
    share: seen / plane,
    flat: flat / Math.max(1, seen),
    colour: colour / Math.max(1, seen),
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
