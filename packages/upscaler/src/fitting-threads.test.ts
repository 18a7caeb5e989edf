import type { ModelSpec, Rung } from "@upreel/core";
import { expect, it } from "vitest";
import { fittingThreads } from "./fitting-threads.ts";

const MODEL: ModelSpec = {
  id: "a",
  file: "/a.onnx",
  hash: "",
  kind: "planes",
  pixelFormat: "gbrp",
  scale: 2,
  bytesPerPixel: 1_000,
};
const rung = (model: ModelSpec): Rung => ({ model, provider: "cpu" });
const SIZE = { width: 1_000, height: 1_000 };

it("as many threads run as there is memory for, and one in any case", () => {
  const fitting = (freeBytes: number): number =>
    fittingThreads(rung(MODEL), SIZE, { threads: 4, freeBytes });
  expect([1e12, 4.5e9, 3e9, 1e8].map(fitting)).toEqual([4, 3, 2, 1]);
});

it("a model that was not measured takes all threads", () => {
  const { bytesPerPixel: _, ...unmeasured } = MODEL;
  expect(fittingThreads(rung(unmeasured), SIZE, { threads: 4, freeBytes: 0 })).toBe(4);
});

it("tiles take the memory of a tile, however large the picture", () => {
  const tiled: Rung = { ...rung(MODEL), tilePixels: 250_000 };
  expect(fittingThreads(tiled, SIZE, { threads: 4, freeBytes: 1.5e9 })).toBe(4);
});
