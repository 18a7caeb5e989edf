import { UpreelError } from "@upreel/core";
import { describe, expect, it } from "vitest";
import { adaptModel } from "../adapt-model.ts";
import { describeModel } from "../describe/describe-model.ts";
import { proveModel, type ProofOptions } from "./prove-model.ts";
import type { RunPlanes } from "./proof-run.ts";
import { testPicture } from "./test-picture.ts";
import { runPlanes } from "../testing/run-model.ts";
import {
  enlarger,
  enlargingNodes,
  enlargingTensor,
  floatTensor,
  int64Tensor,
  node,
  tinyModel,
  type TinyModel,
} from "../testing/tiny-models.ts";

const prove = (
  model: TinyModel,
  run: RunPlanes = runPlanes,
  options: Partial<ProofOptions> = {},
) => {
  const bytes = tinyModel(model);
  const signal = AbortSignal.timeout(240_000);
  return proveModel(bytes, describeModel(bytes), run, { signal, ...options });
};

async function refusal(model: TinyModel, run?: RunPlanes): Promise<UpreelError> {
  const error = await prove(model, run).then(
    () => new Error("the model was accepted"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof UpreelError) return error;
  throw error;
}

const PLAIN = {
  scale: 2,
  trim: 0,
  trimEnd: 0,
  multiple: 1,
  remainder: 0,
  minimum: 1,
  isFreed: false,
} as const;

describe("proveModel", () => {
  it("finds scale and range of a plain network", async () => {
    expect(await prove(enlarger(3))).toEqual({ ...PLAIN, range: 1, order: "rgb" });
  });

  it("takes the order of channels from its caller", async () => {
    expect(await prove(enlarger(3), runPlanes, { order: "bgr" })).toMatchObject({ order: "bgr" });
  });

  it.each([
    [1, 1],
    [255, 255],
  ] as const)("sees that white is %i", async (white, range) => {
    const model = enlarger(1, {
      nodes: [...enlargingNodes("in", "open"), node("Clip", "open black white", "out")],
      weights: [
        enlargingTensor(1),
        floatTensor("black", [], [0]),
        floatTensor("white", [], [white]),
      ],
    });
    // Bytes fed into 0 to 1 are clipped to white; 0 to 1 fed into bytes is only a tenth of a level off.
    const biased = enlarger(1, {
      nodes: [...enlargingNodes("in", "open"), node("Add", "open bias", "out")],
      weights: [enlargingTensor(1), floatTensor("bias", [], [white / 30])],
    });
    expect(await prove(range === 1 ? model : biased)).toMatchObject({ range });
  });

  it("takes 0 to 1 though in 0 to 255 the biases of the network vanish", async () => {
    // 20 levels brighter in its own range, which is 22 dB; in the other nothing at all.
    const model = enlarger(1, {
      nodes: [
        ...enlargingNodes("in", "same"),
        node("Add", "same bias", "lifted"),
        node("Relu", "lifted", "out"),
      ],
      weights: [enlargingTensor(1), floatTensor("bias", [], [0.08])],
    });
    expect(await prove(model)).toMatchObject({ range: 1 });
    expect(await prove(model, runPlanes, { range: 255 })).toMatchObject({ range: 255 });
  });

  const squashed = (from: string, to: string) => [
    ...enlargingNodes(from, "same"),
    node("Tanh", "same", to),
  ];
  it.each([
    ["at both ends", squashed("in", "out"), [], { range: "signed" }],
    [
      "at the output alone",
      [
        node("Mul", "in two", "wide"),
        node("Sub", "wide one", "centred"),
        ...squashed("centred", "out"),
      ],
      [floatTensor("two", [], [2]), floatTensor("one", [], [1])],
      { range: 1, outputRange: "signed" },
    ],
  ] as const)(
    "sees that black is −1 %s, by the tangent that ends it",
    async (_, nodes, more, facts) => {
      const weights = [enlargingTensor(3), ...more];
      expect(await prove(enlarger(3, { nodes, weights }))).toMatchObject(facts);
    },
  );

  it.each([
    [1, 255, 255],
    [255, 1, 1 / 255],
  ] as const)(
    "sees that white is %i at the input and %i at the output",
    async (range, outputRange, gain) => {
      const model = enlarger(1, {
        nodes: [...enlargingNodes("in", "same"), node("Mul", "same gain", "out")],
        weights: [enlargingTensor(1), floatTensor("gain", [], [gain])],
      });
      expect(await prove(model)).toMatchObject({ range, outputRange });
    },
  );

  it("sees how much a network without padding loses", async () => {
    const model = enlarger(1, {
      nodes: [
        node("Conv", "in w", "deep"),
        node("DepthToSpace", "deep", "out", { blocksize: { int: 2 } }),
      ],
    });
    expect(await prove(model)).toMatchObject({ scale: 2, trim: 1, trimEnd: 1, minimum: 3 });
  });

  it("sees that one row of pixels is missing after a transposed convolution", async () => {
    const model: TinyModel = {
      input: { name: "in", dims: ["n", 1, "h", "w"] },
      output: { name: "out", dims: ["n", 1, "h2", "w2"] },
      // Bilinear ×2 as FSRCNN ends: (n − 1) × 2 + 3 − 2 = 2n − 1 pixels.
      nodes: [
        node("ConvTranspose", "in w", "out", {
          strides: { ints: [2, 2] },
          pads: { ints: [1, 1, 1, 1] },
        }),
      ],
      weights: [floatTensor("w", [1, 1, 3, 3], [0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25])],
    };
    const facts = await prove(model);
    expect(facts).toMatchObject({ scale: 2, trim: 0, trimEnd: 1, multiple: 1 });
    const bytes = tinyModel(model);
    const adapted = adaptModel(bytes, describeModel(bytes), facts);
    expect((await runPlanes(adapted, testPicture(1, 11, 20))).dims).toEqual([1, 1, 22, 40]);
  });

  it("sees that sizes must be multiples of four", async () => {
    const model = enlarger(3, {
      nodes: [
        node("SpaceToDepth", "in", "folded", { blocksize: { int: 4 } }),
        node("DepthToSpace", "folded", "unfolded", { blocksize: { int: 4 } }),
        ...enlargingNodes("unfolded"),
      ],
    });
    expect(await prove(model)).toMatchObject({ multiple: 4, minimum: 4 });
  });

  it("sees that sizes must be a multiple and a remainder", async () => {
    // Takes 16 + 48k only: cuts 8 on every side, then works in windows of 48.
    const model = enlarger(1, {
      nodes: [
        node("Slice", "in starts ends axes", "inner"),
        node("SpaceToDepth", "inner", "folded", { blocksize: { int: 48 } }),
        node("DepthToSpace", "folded", "unfolded", { blocksize: { int: 48 } }),
        ...enlargingNodes("unfolded"),
      ],
      weights: [
        enlargingTensor(1),
        int64Tensor("starts", [8, 8]),
        int64Tensor("ends", [-8, -8]),
        int64Tensor("axes", [2, 3]),
      ],
    });
    const facts = await prove(model);
    expect(facts).toMatchObject({ trim: 8, trimEnd: 8, multiple: 48, remainder: 16, minimum: 64 });
    const bytes = tinyModel(model);
    const adapted = adaptModel(bytes, describeModel(bytes), facts);
    for (const [height, width] of [
      [1, 1],
      [48, 49],
      [96, 97],
    ] as const) {
      const output = await runPlanes(adapted, testPicture(1, height, width));
      expect(output.dims).toEqual([1, 1, 2 * height, 2 * width]);
    }
  });

  it("sees the smallest size that a network with reflecting borders takes", async () => {
    const model = enlarger(1, {
      nodes: [
        node("Pad", "in pads", "padded", { mode: { text: "reflect" } }),
        node("Conv", "padded w", "deep", { pads: { ints: [0, 0, 0, 0] } }),
        node("DepthToSpace", "deep", "wide", { blocksize: { int: 2 } }),
        node("Slice", "wide starts ends axes", "out"),
      ],
      weights: [
        enlargingTensor(1),
        int64Tensor("pads", [0, 0, 6, 6, 0, 0, 6, 6]),
        int64Tensor("starts", [10, 10]),
        int64Tensor("ends", [-10, -10]),
        int64Tensor("axes", [2, 3]),
      ],
    });
    expect(await prove(model)).toMatchObject({ ...PLAIN, minimum: 8 });
  });

  it("frees a network whose fixed size is only in its file", async () => {
    const model = enlarger(1, {
      input: { name: "in", dims: [1, 1, 48, 56] },
      output: { name: "out", dims: [1, 1, 96, 112] },
    });
    expect(await prove(model)).toMatchObject({ ...PLAIN, isFreed: true });
  });

  it("leaves a network at its size that has it inside, and sees what it loses", async () => {
    const model = enlarger(1, {
      input: { name: "in", dims: [1, 1, 48, 56] },
      output: { name: "out", dims: [1, 1, 92, 108] },
      nodes: [
        node("Reshape", "in shape", "same"),
        node("Conv", "same w", "deep"),
        node("DepthToSpace", "deep", "out", { blocksize: { int: 2 } }),
      ],
      weights: [enlargingTensor(1), int64Tensor("shape", [1, 1, 48, 56])],
    });
    expect(await prove(model)).toMatchObject({ scale: 2, trim: 1, trimEnd: 1, isFreed: false });
  });

  it("refuses a network whose output is not its input", async () => {
    const model = enlarger(1, {
      nodes: [...enlargingNodes("in", "same"), node("Sub", "white same", "out")],
      weights: [enlargingTensor(1), floatTensor("white", [], [1])],
    });
    const error = await refusal(model);
    expect(error.code).toBe("model_unusable");
    expect(error.message).toBe("What the model gives does not look like what it was given");
    expect(error.got).toMatch(/dB at ×/);
  });

  it("refuses a network that makes pictures smaller", async () => {
    const model = enlarger(1, {
      nodes: [
        node("AveragePool", "in", "out", {
          kernel_shape: { ints: [4, 4] },
          strides: { ints: [4, 4] },
        }),
      ],
    });
    expect((await refusal(model)).message).toBe("The model does not enlarge by a whole number");
  });

  it("refuses a network that does not run, with the runtime's reason", async () => {
    const error = await refusal(enlarger(1, { nodes: [node("NoSuchOperator", "in", "out")] }));
    expect(error.message).toBe("The model cannot be run");
    expect(error.got).toContain("NoSuchOperator");
  });

  it("stops at once when it is cancelled", async () => {
    const controller = new AbortController();
    const run: RunPlanes = async (model, input) => {
      controller.abort(new Error("enough"));
      return runPlanes(model, input);
    };
    await expect(prove(enlarger(1), run, { signal: controller.signal })).rejects.toThrow("enough");
  });
});
