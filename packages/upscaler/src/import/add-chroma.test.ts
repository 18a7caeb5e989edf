import { expect, it } from "vitest";
import { adaptModel } from "../graph/adapt-model.ts";
import { describeModel } from "../graph/describe/describe-model.ts";
import type { ModelFacts } from "../graph/model-facts.ts";
import { likeness, testPicture } from "../graph/prove/test-picture.ts";
import { runPlanes } from "../graph/testing/run-model.ts";
import { enlarger, tinyModel } from "../graph/testing/tiny-models.ts";
import { addChroma } from "./add-chroma.ts";
import { enlargeNearest } from "./testing/nearest-model.ts";

const FACTS: ModelFacts = {
  scale: 3,
  trim: 0,
  trimEnd: 0,
  range: 1,
  order: "rgb",
  multiple: 1,
  remainder: 0,
  minimum: 1,
  isFreed: false,
};
const HEIGHT = 37;
const WIDTH = 46;

const lumaOf = (planes: { data: Uint8Array; dims: readonly number[] }) => {
  const [, , height = 0, width = 0] = planes.dims;
  return { data: planes.data.subarray(0, height * width), dims: [1, 1, height, width] };
};

it.each([3, 4])(
  "luma goes through the network and chroma is enlarged beside it, ×%i",
  async (scale) => {
    const bytes = tinyModel(enlargeNearest(1, scale));
    const adapted = adaptModel(bytes, describeModel(bytes), { ...FACTS, scale });
    const picture = testPicture(3, HEIGHT, WIDTH);
    const output = await runPlanes(addChroma(adapted, scale), picture);
    expect(output.dims).toEqual([1, 3, scale * HEIGHT, scale * WIDTH]);
    expect(lumaOf(output)).toEqual(await runPlanes(adapted, lumaOf(picture)));
    // Repeated pixels would have 30 dB.
    expect(likeness(output, { scale, trim: 0 })).toBeGreaterThan(32);
  },
);

it("a network that keeps the size passes chroma on untouched", async () => {
  const bytes = tinyModel(enlargeNearest(1, 1));
  const adapted = adaptModel(bytes, describeModel(bytes), { ...FACTS, scale: 1 });
  const picture = testPicture(3, HEIGHT, WIDTH);
  const output = await runPlanes(addChroma(adapted, 1), picture);
  expect(output.data.subarray(HEIGHT * WIDTH)).toEqual(picture.data.subarray(HEIGHT * WIDTH));
});

it("raises an old network to where chroma can be enlarged", async () => {
  const bytes = tinyModel(enlarger(1, { opset: 9 }));
  const adapted = adaptModel(bytes, describeModel(bytes), { ...FACTS, scale: 2 });
  const output = await runPlanes(addChroma(adapted, 2), testPicture(3, HEIGHT, WIDTH));
  expect(output.dims).toEqual([1, 3, 2 * HEIGHT, 2 * WIDTH]);
});
