import type { ModelSpec } from "@upreel/core";
import { expect, it } from "vitest";
import { fittingThreads } from "./fitting-threads.ts";

const MODEL: ModelSpec = {
  id: "a",
  file: "/a.onnx",
  kind: "planes",
  pixelFormat: "gbrp",
  scale: 2,
  bytesPerPixel: 1_000,
};
const SIZE = { width: 1_000, height: 1_000 };

it("as many threads run as there is memory for, and one in any case", () => {
  const fitting = (freeBytes: number): number =>
    fittingThreads(MODEL, SIZE, { threads: 4, freeBytes });
  expect([1e12, 4.5e9, 3e9, 1e8].map(fitting)).toEqual([4, 3, 2, 1]);
});

it("a model that was not measured takes all threads", () => {
  const { bytesPerPixel: _, ...unmeasured } = MODEL;
  expect(fittingThreads(unmeasured, SIZE, { threads: 4, freeBytes: 0 })).toBe(4);
});
