import { makeRandom, turnsDuring } from "@upreel/testkit";
import { expect, it } from "vitest";
import { classifyContent } from "./classify-content.ts";
import { combFigures } from "./fields/comb-figures.ts";
import { LARGEST_LOOK } from "./fields/look-at-fields.ts";
import { LARGEST_SAMPLES } from "./content-samples.ts";

/** What others may have to wait for the look at one picture; it takes about a tenth of that. */
const LONGEST_MS = 50;

/** Colours, hues and edges everywhere: no pixel is left out. */
function makeNoise(bytes: number): Uint8Array {
  const random = makeRandom(1);
  return Uint8Array.from({ length: bytes }, () => 32 + Math.floor(220 * random.next()));
}

it("tells film from animation in turns with all other work, whatever the film is", async () => {
  const { pictures, width, height } = LARGEST_SAMPLES;
  const bytes = makeNoise(3 * width * height * pictures);
  const { count, longestMs, wholeMs } = await turnsDuring(() =>
    classifyContent({ bytes, width, height }),
  );
  expect(count).toBeGreaterThanOrEqual(pictures);
  expect(wholeMs / pictures).toBeLessThan(LONGEST_MS);
  // The first one is compiled while it is looked at.
  expect(longestMs).toBeLessThan(wholeMs / 3);
});

it("looks at the fields of the largest picture in less", () => {
  const { width, height } = LARGEST_LOOK;
  const bytes = makeNoise(8 * width * height);
  const took: number[] = [];
  let before = process.threadCpuUsage();
  for (const { pixels } of combFigures({ bytes, width, height })) {
    const { user, system } = process.threadCpuUsage(before);
    took.push((user + system) / 1_000);
    expect(pixels).toBe(width * height);
    before = process.threadCpuUsage();
  }
  expect(Math.min(...took)).toBeLessThan(LONGEST_MS);
});
