import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createNode, type Attributes } from "../graph/onnx/node-writer.ts";
import { floatTensor, node, tinyModel } from "../graph/testing/tiny-models.ts";
import { findHalo } from "./find-halo.ts";

const LUMA = { channels: 1, scale: 1 };
const conv = (from: string, to: string, weights: string, side: number, more: Attributes = {}) =>
  createNode("Conv", [from, weights], to, {
    pads: { ints: Array.from({ length: 4 }, () => (side - 1) / 2) },
    ...more,
  });
const square = (name: string, side: number, values = Array(side * side).fill(1) as number[]) =>
  floatTensor(name, [1, 1, side, side], values);
const model = (...nodes: ReturnType<typeof node>[]): Uint8Array =>
  tinyModel({
    input: { name: "x", dims: [1, 1, "h", "w"] },
    output: { name: "y", dims: [1, 1, "h", "w"] },
    nodes,
    weights: [
      square("w3", 3),
      square("w5", 5),
      square("point", 3, [0, 0, 0, 0, 1, 0, 0, 0, 0]),
      square("minus", 3, [-1, -1, -1, -1, 8, -1, -1, -1, -1]),
    ],
  });

describe("the halo of a network", () => {
  it("is what its convolutions reach together, whatever their weights' signs", async () => {
    const chain = model(
      conv("x", "a", "w5", 5),
      node("Relu", "a", "b"),
      conv("b", "y", "minus", 3),
    );
    expect(await findHalo(chain, LUMA, 1)).toBe(3);
  });

  it("is that of the longest way, and does not count weights of zero", async () => {
    const skip = model(
      conv("x", "a", "w3", 3),
      conv("x", "b", "point", 3),
      node("Add", "a b", "y"),
    );
    expect(await findHalo(skip, LUMA, 1)).toBe(1);
    expect(await findHalo(model(conv("x", "y", "point", 3)), LUMA, 1)).toBe(0);
  });

  it("is a multiple of the alignment", async () => {
    expect(await findHalo(model(conv("x", "y", "w3", 3)), LUMA, 4)).toBe(4);
  });

  it("is unknown where a pixel depends on the whole picture", async () => {
    const mean = createNode("GlobalAveragePool", ["x"], "mean");
    expect(await findHalo(model(mean, node("Add", "x mean", "y")), LUMA, 2)).toBeUndefined();
  });

  it("is unknown where it is more than tiles are good for", async () => {
    const layers = Array.from({ length: 40 }, (_, i) =>
      conv(i === 0 ? "x" : `v${i}`, i === 39 ? "y" : `v${i + 1}`, "w5", 5),
    );
    expect(await findHalo(model(...layers), LUMA, 2)).toBeUndefined();
  });

  it.each([
    ["live16x1-fp32", 4],
    ["live16x1-int8", 4],
    ["live16x2-int8", 6],
    ["live16x4-int8", 8],
    ["clean32x6-int8", 10],
    ["full16", 8],
  ])("of %s is %d, through its folds and shuffles", async (name, halo) => {
    const file = fileURLToPath(new URL(`../../models/upreel-x2-${name}.onnx`, import.meta.url));
    expect(await findHalo(await readFile(file), { channels: 1, scale: 2 }, 2)).toBe(halo);
  });
});
