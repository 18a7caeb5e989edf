import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { readModel } from "@upreel/upscaler";
import {
  enlarger,
  int64Tensor,
  node,
  tinyModel,
  type TinyModel,
} from "../../upscaler/src/graph/testing/tiny-models.ts";
import { expect, it } from "vitest";
import { writeSplitModel } from "../../upscaler/src/graph/testing/split-model.ts";
import { importInProcess, joinInProcess } from "./import-in-process.ts";

async function importBytes(bytes: Uint8Array, signal = AbortSignal.timeout(240_000)) {
  await using folder = await makeTempFolder();
  const source = join(folder.path, "in.onnx");
  await writeFile(source, bytes);
  return await importInProcess(source, join(folder.path, "out.onnx"), { order: "rgb", signal });
}

it("gives the facts of a good model", async () => {
  expect(await importBytes(tinyModel(enlarger(3)))).toMatchObject({
    outcome: "prepared",
    model: { kind: "planes", pixelFormat: "gbrp", scale: 2 },
  });
});

it("takes in the weights of a second file beside a model that is imported by its path", async () => {
  await using folder = await makeTempFolder();
  const signal = AbortSignal.timeout(240_000);
  const whole = join(folder.path, "alone", "whole.onnx");
  await mkdir(dirname(whole));
  await joinInProcess(await writeSplitModel(folder.path), whole, signal);
  const network = await readFile(join(folder.path, "net.onnx"));
  // There is no second file beside this one.
  expect((await readModel(whole)).length).toBeGreaterThan(network.length);
  await rm(join(folder.path, "net.onnx.data"));
  await expect(joinInProcess(join(folder.path, "net.onnx"), whole, signal)).rejects.toMatchObject({
    code: "model_unusable",
    got: expect.stringContaining("net.onnx.data"),
  });
});

it("gives the reason why a bad one is refused", async () => {
  expect(await importBytes(new Uint8Array(10))).toMatchObject({
    outcome: "refused",
    reason: { code: "model_unusable", got: expect.any(String) },
  });
});

it.runIf(process.platform === "linux")(
  "refuses a model that wants more memory than a model may",
  async () => {
    const { nodes, weights = [] } = enlarger(3);
    const greedy: TinyModel = {
      ...enlarger(3, { opset: 18 }),
      nodes: [
        node("Expand", "in copies", "huge"),
        node("ReduceMax", "huge batch", "same", { keepdims: { int: 1 } }),
        ...nodes.map((each) => {
          each.input = each.input.map((name) => (name === "in" ? "same" : name));
          return each;
        }),
      ],
      // 12 GB of copies of a picture of 64 × 64.
      weights: [...weights, int64Tensor("copies", [250_000, 3, 1, 1]), int64Tensor("batch", [0])],
    };
    expect(await importBytes(tinyModel(greedy))).toMatchObject({
      outcome: "refused",
      reason: { got: expect.stringContaining("Failed to allocate memory") },
    });
  },
);

it("ends the process when it is cancelled", async () => {
  const cancelled = AbortSignal.abort(new Error("shutting down"));
  await expect(importBytes(tinyModel(enlarger(3)), cancelled)).rejects.toThrow("shutting down");
});
