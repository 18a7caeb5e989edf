import { PLAIN_SCALER, type ModelSpec, type Output } from "@upreel/core";
import { expect, it } from "vitest";
import { checkFaceMemory, checkMemory } from "./model-memory.ts";

const HEAVY: ModelSpec = {
  id: "heavy",
  file: "/heavy.onnx",
  hash: "",
  kind: "planes",
  pixelFormat: "gbrp",
  scale: 2,
  bytesPerPixel: 4_000,
};
const LADDER = [HEAVY, PLAIN_SCALER].map((model) => ({
  rung: { model, provider: "cpu" },
  expectedSpeed: 1,
}));

const HD: Output = {
  ...{ inputWidth: 1920, inputHeight: 1080, width: 3840, height: 2160 },
  ...({ encoder: "libx264", quality: 20, colour: {}, audio: { kind: "none" } } as const),
};

it("a model that would exhaust the machine with one thread is refused for that film", () => {
  expect(checkMemory(LADDER, HD, 16e9)).toBe(LADDER);
  expect(() => checkMemory(LADDER, HD, 8e9)).toThrow(
    expect.objectContaining({
      code: "model_unusable",
      message: expect.stringContaining("heavy needs too much memory for pictures of 1920×1080"),
      got: "8.3 GB for one thread",
    }),
  );
});

it("networks for faces are refused where they do not fit beside one thread of the network", () => {
  const fits = (bytes: number | undefined) => () => checkFaceMemory({ bytes }, LADDER, HD, 16e9);
  expect(fits(1.5e9)).not.toThrow();
  // Of a trial that did not measure it.
  expect(fits(undefined)).not.toThrow();
  expect(fits(4e9)).toThrow(
    expect.objectContaining({
      code: "model_unusable",
      got: "12.3 GB, of which the networks for faces take 4.0 GB",
    }),
  );
});
