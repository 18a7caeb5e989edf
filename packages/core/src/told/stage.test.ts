import { expect, it } from "vitest";
import { heldUpBy } from "./stage.ts";

const figures = { decode: 0.1, encode: 0.1, decoderCores: 0.5, encoderCores: 0.5 };

it.each([
  ["network", {}],
  ["decode", { decode: 0.8 }],
  ["source", { decode: 0.9, decoderCores: 0.05 }],
  ["encode", { encode: 0.7, decode: 0.5 }],
  ["disk", { encode: 0.9, encoderCores: 0.1 }],
  ["encode", { encode: 0.9, encoderCores: undefined }],
])("a run is held up by its %s where its threads stand still there: %o", (stage, change) => {
  expect(heldUpBy({ ...figures, ...change })).toBe(stage);
});
