import { PLAIN_SCALER, type ModelSpec, type Output } from "@upreel/core";
import { expect, it } from "vitest";
import { checkMemory } from "./model-memory.ts";

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

it("a model that would exhaust the machine with one thread is refused for that film", () => {
  const hd: Output = {
    inputWidth: 1920,
    inputHeight: 1080,
    width: 3840,
    height: 2160,
    encoder: "libx264",
    quality: 20,
    colour: {},
    audio: { kind: "none" },
  };
  expect(checkMemory(LADDER, hd, 16e9)).toBe(LADDER);
  expect(() => checkMemory(LADDER, hd, 8e9)).toThrow(
    expect.objectContaining({
      code: "model_unusable",
      message: expect.stringContaining("heavy needs too much memory for pictures of 1920×1080"),
      got: "8.3 GB for one thread",
    }),
  );
});
