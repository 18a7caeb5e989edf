import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { testPicture } from "../graph/prove/test-picture.ts";
import { runPlanes } from "../graph/testing/run-model.ts";
import {
  enlarger,
  int64Tensor,
  node,
  tinyModel,
  type TinyModel,
} from "../graph/testing/tiny-models.ts";
import { reference } from "../graph/testing/reference.ts";
import { orderOf } from "./model-id.ts";
import { byteTensor, loadSession } from "../session.ts";
import { prepareModel } from "./prepare-model.ts";
import { enlargeNearest } from "./testing/nearest-model.ts";

const prepare = (model: TinyModel) =>
  prepareModel(tinyModel(model), { signal: AbortSignal.timeout(240_000) });

describe("prepareModel", () => {
  it.each([
    ["a luma network ×2", enlarger(1), { kind: "luma", pixelFormat: "yuv444p", scale: 2 }, 1],
    [
      "a luma network ×3",
      enlargeNearest(1, 3),
      { kind: "planes", pixelFormat: "yuv444p", scale: 3 },
      3,
    ],
    ["an RGB network ×2", enlarger(3), { kind: "planes", pixelFormat: "gbrp", scale: 2 }, 3],
    [
      "an RGB network ×4",
      enlargeNearest(3, 4),
      { kind: "planes", pixelFormat: "gbrp", scale: 4 },
      3,
    ],
  ] as const)("makes %s ready for films of any size", async (_, model, form, channels) => {
    const prepared = await prepare(model);
    expect(prepared.model).toMatchObject(form);
    const output = await runPlanes(prepared.bytes, testPicture(channels, 9, 7));
    expect(output.dims).toEqual([1, channels, 9 * form.scale, 7 * form.scale]);
  });

  it("takes a network for BGR where it is said to be", async () => {
    const network = tinyModel(enlarger(3));
    const picture = testPicture(3, 24, 24);
    for (const order of ["rgb", "bgr"] as const) {
      const signal = AbortSignal.timeout(240_000);
      const { bytes } = await prepareModel(network, { order, signal });
      const form = { range: 1, order, layout: "NCHW" } as const;
      expect(await runPlanes(bytes, picture)).toEqual(await reference(network, picture, form));
    }
    expect(["a-bgr", "a.bgr", "abgr", "a"].map(orderOf)).toEqual(["bgr", "bgr", "rgb", "rgb"]);
  });

  it("measures the memory of a run where the system tells", async () => {
    const { model } = await prepare(enlargeNearest(3, 8));
    // In and out alone are 3 and 3 × 64 bytes, and floats of them.
    if (process.platform === "linux") expect(model.bytesPerPixel).toBeGreaterThan(200);
    expect(model.parameters).toBe(3 * 3 * 64);
  });

  it("measures how far a network sees, for the seams of tiles", async () => {
    expect((await prepare(enlargeNearest(3, 2))).model.halo).toBe(0);
    // One convolution of 3×3, rounded up to even.
    expect((await prepare(enlarger(3))).model.halo).toBe(2);
  });

  it("takes a network that is bound to its size: it runs in tiles without a visible seam", async () => {
    const [width, height] = [40, 24];
    const bound: TinyModel = {
      ...enlarger(3),
      input: { name: "in", dims: [1, 3, height, width] },
      output: { name: "out", dims: [1, 3, 2 * height, 2 * width] },
      nodes: [
        node("Reshape", "in shape", "same"),
        ...enlarger(3).nodes.map((each) => {
          each.input = each.input.map((name) => (name === "in" ? "same" : name));
          return each;
        }),
      ],
      weights: [...(enlarger(3).weights ?? []), int64Tensor("shape", [1, 3, height, width])],
    };
    const { model, bytes } = await prepare(bound);
    expect(model).toMatchObject({ fixed: { width, height, trim: 0, trimEnd: 0 }, halo: 1 });
    await using folder = await makeTempFolder();
    const file = join(folder.path, "bound.onnx");
    await writeFile(file, bytes);
    const { parameters: _, ...form } = model;
    const session = await loadSession({
      model: { id: "bound", file, hash: "", ...form },
      provider: "cpu",
    });
    const free = (await prepare(enlarger(3))).bytes;
    for (const size of [7, 101]) {
      const picture = testPicture(3, size, 2 * size);
      const result = new Uint8Array(4 * picture.data.length);
      await session.run(
        byteTensor(picture.data, picture.dims),
        byteTensor(result, [1, 3, 2 * size, 4 * size]),
      );
      const whole = await runPlanes(free, picture);
      const inside = result.filter((value, at) => value !== whole.data[at] && !isBorder(at, size));
      expect(inside).toHaveLength(0);
    }
    await session.release();
  });
});

/** The network itself puts zeros around a tile that is larger than the picture. */
function isBorder(at: number, size: number): boolean {
  const [x, y] = [at % (4 * size), Math.floor(at / (4 * size)) % (2 * size)];
  return x >= 4 * size - 2 || y >= 2 * size - 2;
}
