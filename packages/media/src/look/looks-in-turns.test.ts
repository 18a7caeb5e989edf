import { makeRandom, turnsDuring } from "@upreel/testkit";
import { expect, it } from "vitest";
import { classifyContent } from "./classify-content.ts";
import { combFigures } from "./fields/comb-figures.ts";
import { LARGEST_LOOK } from "./fields/look-at-fields.ts";
import { LARGEST_SAMPLES } from "./content-samples.ts";

/** Of one picture, which takes the thread for itself: about five milliseconds' work. */
const MOST_PIXELS = 250_000;

/** Colours, hues and edges everywhere: no pixel is left out. */
function makeNoise(bytes: number): Uint8Array {
  const random = makeRandom(1);
  return Uint8Array.from({ length: bytes }, () => 32 + Math.floor(220 * random.next()));
}

it("tells film from animation picture by picture, others having their turn between", async () => {
  const { pictures, width, height } = LARGEST_SAMPLES;
  expect(width * height).toBeLessThanOrEqual(MOST_PIXELS);
  const bytes = makeNoise(3 * width * height * pictures);
  const { most, all } = await turnsDuring((note) => {
    const take = bytes.subarray.bind(bytes);
    bytes.subarray = (start, end) => {
      note();
      return take(start, end);
    };
    return classifyContent({ bytes, width, height });
  });
  expect({ most, all }).toEqual({ most: 1, all: pictures });
});

it("looks at the fields of the largest picture by itself", () => {
  const { width, height } = LARGEST_LOOK;
  expect(width * height).toBeLessThanOrEqual(MOST_PIXELS);
  const looks = [...combFigures({ bytes: makeNoise(8 * width * height), width, height })];
  // The first and the last one are compared with only.
  expect(looks.map(({ pixels }) => pixels)).toEqual(Array(6).fill(width * height));
});
