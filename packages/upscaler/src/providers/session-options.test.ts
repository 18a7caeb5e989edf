import { expect, it } from "vitest";
import { isGpu, sessionOptions } from "./session-options.ts";

it.each([
  ["cpu", ["cpu"]],
  ["cuda", ["cuda"]],
  ["webgpu", ["webgpu"]],
  // What TensorRT cannot compile would run on the processor without CUDA behind it.
  ["tensorrt", ["tensorrt", "cuda"]],
])("a session on %s is asked of %j", (provider, expected) => {
  expect(sessionOptions(provider).executionProviders).toEqual(expected);
});

it("a session has one thread of its own, since frames run beside each other, and several only for a picture", () => {
  expect(sessionOptions("cpu")).toMatchObject({ intraOpNumThreads: 1, interOpNumThreads: 1 });
  expect(sessionOptions("cpu")).not.toHaveProperty("extra");
  expect(sessionOptions("cpu", 4)).toMatchObject({
    intraOpNumThreads: 4,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
});

it("threads share one device on every provider but the processor's", () => {
  expect(["tensorrt", "cuda", "coreml", "dml", "webgpu"].every(isGpu)).toBe(true);
  expect(["cpu", "ffmpeg"].some(isGpu)).toBe(false);
});
