import { UpreelError } from "@upreel/core";
import { describe, expect, it } from "vitest";
import { testPicture } from "../graph/test-picture.ts";
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
import { prepareModel } from "./prepare-model.ts";
import { enlargeNearest } from "./testing/nearest-model.ts";

const prepare = (model: TinyModel) =>
  prepareModel(tinyModel(model), { signal: AbortSignal.timeout(20_000) });

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
      const signal = AbortSignal.timeout(20_000);
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

  it("refuses a network of fixed size that cannot be freed, and says how to export it", async () => {
    const fixed: TinyModel = {
      ...enlarger(3),
      input: { name: "in", dims: [1, 3, 16, 16] },
      output: { name: "out", dims: [1, 3, 32, 32] },
      nodes: [
        node("Reshape", "in shape", "same"),
        ...enlarger(3).nodes.map((each) => {
          each.input = each.input.map((name) => (name === "in" ? "same" : name));
          return each;
        }),
      ],
      weights: [...(enlarger(3).weights ?? []), int64Tensor("shape", [1, 3, 16, 16])],
    };
    const error = await prepare(fixed).catch((thrown: unknown) => thrown);
    if (!(error instanceof UpreelError)) throw new Error("it was accepted");
    expect(error.code).toBe("model_unusable");
    expect([error.message, error.expected, error.got]).toEqual([
      expect.stringContaining("16×16 pixels only"),
      expect.stringContaining("dynamic_axes"),
      expect.stringContaining("fixed size"),
    ]);
  });
});
