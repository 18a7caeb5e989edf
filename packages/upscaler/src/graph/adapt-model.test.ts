import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { adaptModel } from "./adapt-model.ts";
import { describeModel } from "./describe/describe-model.ts";
import type { ModelFacts } from "./model-facts.ts";
import { AttributeProtoSchema } from "./onnx/onnx-pb.ts";
import { testPicture, type Planes } from "./prove/test-picture.ts";
import { reference, type NetworkForm } from "./testing/reference.ts";
import { runPlanes } from "./testing/run-model.ts";
import {
  enlarger,
  enlargingNodes,
  enlargingTensor,
  floatTensor,
  halfTensor,
  int64Tensor,
  node,
  tinyModel,
  tinyProto,
  type TinyModel,
} from "./testing/tiny-models.ts";

const FACTS: ModelFacts = {
  scale: 2,
  trim: 0,
  trimEnd: 0,
  range: 1,
  order: "rgb",
  multiple: 1,
  remainder: 0,
  minimum: 1,
  isFreed: false,
};
const LUMA: NetworkForm = { range: 1, order: "luma", layout: "NCHW" };
const RGB: NetworkForm = { range: 1, order: "rgb", layout: "NCHW" };

const adapt = (model: Uint8Array, facts: Partial<ModelFacts> = {}): Uint8Array =>
  adaptModel(model, describeModel(model), { ...FACTS, ...facts });

async function expectReference(
  model: TinyModel,
  form: NetworkForm,
  facts: Partial<ModelFacts> = {},
): Promise<Planes> {
  const bytes = tinyModel(model);
  const picture = testPicture(form.order === "luma" ? 1 : 3, 17, 23);
  const output = await runPlanes(adapt(bytes, facts), picture);
  expect(output).toEqual(await reference(bytes, picture, form));
  return output;
}

describe("adaptModel", () => {
  it("turns a luma network of 0 to 1 into one of bytes", async () => {
    const output = await expectReference(enlarger(1), LUMA);
    expect(output.dims).toEqual([1, 1, 34, 46]);
  });

  it("turns an RGB network into one of planes in the order G, B, R", async () => {
    await expectReference(enlarger(3), RGB);
  });

  it("feeds a BGR network in its own order", async () => {
    await expectReference(enlarger(3), { ...RGB, order: "bgr" }, { order: "bgr" });
  });

  it("leaves 0 to 255 as it is for networks that want it", async () => {
    await expectReference(enlarger(3), { ...RGB, range: 255 }, { range: 255 });
  });

  it("makes −1 to 1 of bytes for networks that want it, at both ends", async () => {
    await expectReference(enlarger(3), { ...RGB, range: "signed" }, { range: "signed" });
  });

  it.each([1, 3])("turns channels last into planes, %i channels", async (channels) => {
    const model = enlarger(channels, {
      input: { name: "in", dims: ["None", "h", "w", channels] },
      output: { name: "out", dims: ["None", "h2", "w2", channels] },
      nodes: [
        node("Transpose", "in", "first", { perm: { ints: [0, 3, 1, 2] } }),
        ...enlargingNodes("first", "last"),
        node("Transpose", "last", "out", { perm: { ints: [0, 2, 3, 1] } }),
      ],
    });
    await expectReference(model, { ...(channels === 1 ? LUMA : RGB), layout: "NHWC" });
  });

  it.each([11, 13])("takes one picture without a batch, operator set %i", async (opset) => {
    const axes = int64Tensor("axes", [0]);
    const [add, remove] =
      opset < 13
        ? [
            node("Unsqueeze", "in", "batch", { axes: { ints: [0] } }),
            node("Squeeze", "last", "out", { axes: { ints: [0] } }),
          ]
        : [node("Unsqueeze", "in axes", "batch"), node("Squeeze", "last axes", "out")];
    const model = enlarger(3, {
      opset,
      input: { name: "in", dims: [3, "h", "w"] },
      output: { name: "out", dims: [3, "h2", "w2"] },
      nodes: [add, ...enlargingNodes("batch", "last"), remove],
      weights: [enlargingTensor(3), axes],
    });
    const picture = testPicture(3, 17, 23);
    const output = await runPlanes(adapt(tinyModel(model)), picture);
    expect(output).toEqual(await reference(tinyModel(enlarger(3)), picture, RGB));
  });

  it("finds channels last when every axis is open", async () => {
    const open = ["a", "b", "c", "d"];
    const model = enlarger(3, {
      input: { name: "in", dims: open },
      output: { name: "out", dims: open },
      nodes: [
        node("Transpose", "in", "first", { perm: { ints: [0, 3, 1, 2] } }),
        ...enlargingNodes("first", "last"),
        node("Transpose", "last", "out", { perm: { ints: [0, 2, 3, 1] } }),
      ],
    });
    await expectReference(model, { ...RGB, layout: "NHWC" });
  });

  it.each(["keep", "float32"] as const)(
    "runs a half-precision network, %s",
    async (computeType) => {
      const twin = tinyModel(enlarger(3));
      const half = tinyModel(
        enlarger(3, {
          input: { name: "in", type: "float16", dims: ["n", 3, "h", "w"] },
          output: { name: "out", type: "float16", dims: ["n", "c", "h2", "w2"] },
          weights: [halfTensor(enlargingTensor(3))],
        }),
      );
      const picture = testPicture(3, 17, 23);
      const output = await runPlanes(
        adaptModel(half, describeModel(half), FACTS, { computeType }),
        picture,
      );
      const wanted = await reference(twin, picture, RGB);
      expect(output.dims).toEqual(wanted.dims);
      const worst = Math.max(
        ...wanted.data.map((value, at) => Math.abs(value - (output.data[at] ?? 0))),
      );
      // Half floats near 1 are 1/2048 apart, an eighth of a level.
      expect(worst).toBeLessThanOrEqual(1);
    },
  );

  it("widens half precision inside the branches of a network too", async () => {
    const half = { type: "float16", dims: ["n", 1, "h", "w"] } as const;
    const branch = (gain: number) =>
      tinyProto({
        input: { name: "unused", dims: [] },
        output: { name: "branch", ...half },
        nodes: [node("Mul", "in gain", "branch")],
        weights: [halfTensor(floatTensor("gain", [1], [gain]))],
      }).graph;
    const choose = node("If", "condition", "out");
    choose.attribute = [["then_branch", 1] as const, ["else_branch", 0.5] as const].map(
      ([name, gain]) => {
        const graph = branch(gain);
        if (graph !== undefined) graph.input = [];
        return create(AttributeProtoSchema, { name, type: 5, g: graph });
      },
    );
    const bytes = tinyModel({
      input: { name: "in", ...half },
      output: { name: "out", ...half },
      nodes: [
        node("ReduceMax", "in", "brightest", { keepdims: { int: 0 } }),
        node("Cast", "brightest", "condition", { to: { int: 9 } }),
        choose,
      ],
    });
    const picture = testPicture(1, 9, 9);
    expect(await runPlanes(adapt(bytes, { scale: 1 }), picture)).toEqual(picture);
  });

  it.each([6, 7, 8, 9, 10, 11, 12, 13, 15, 17, 18, 21])(
    "adapts a network of operator set %i",
    async (opset) => {
      await expectReference(enlarger(3, { opset }), RGB);
    },
  );

  it("takes weights that are listed as inputs, as files of IR version 3 do", async () => {
    const model = enlarger(3, {
      opset: 6,
      irVersion: 3,
      input: { name: "in", dims: ["None", 3, -1, -1] },
      moreInputs: [{ name: "w", dims: [12, 3, 3, 3] }],
    });
    await expectReference(model, RGB);
  });

  it("finds names of its own when the network uses x, y and the names it would add", async () => {
    const model: TinyModel = {
      input: { name: "y", dims: ["n", 3, "h", "w"] },
      output: { name: "x", dims: ["n", 3, "h2", "w2"] },
      nodes: [
        node("Conv", "y upreel_value", "upreel_gather", { pads: { ints: [1, 1, 1, 1] } }),
        node("DepthToSpace", "upreel_gather", "x", { blocksize: { int: 2 } }),
      ],
      weights: [enlargingTensor(3, "upreel_value")],
    };
    await expectReference(model, RGB);
  });

  it("rounds to the nearest level and clips what lies outside", async () => {
    const model: TinyModel = {
      input: { name: "in", dims: [1, 1, "h", "w"] },
      output: { name: "out", dims: [1, 1, "h", "w"] },
      nodes: [node("Sub", "in shift", "moved"), node("Mul", "moved gain", "out")],
      weights: [floatTensor("shift", [], [0.5]), floatTensor("gain", [], [2.3])],
    };
    const data = Uint8Array.from({ length: 256 }, (_, level) => level);
    const bytes = tinyModel(model);
    const output = await runPlanes(adapt(bytes, { scale: 1 }), { data, dims: [1, 1, 16, 16] });
    const wanted = Array.from(data, (level) =>
      Math.min(255, Math.max(0, Math.round((level / 255 - 0.5) * 2.3 * 255))),
    );
    expect([...output.data]).toEqual(wanted);
  });

  it("takes any size when the network loses a border: padded and cut inside", async () => {
    const model = enlarger(1, {
      nodes: [
        node("Conv", "in w", "deep"),
        node("DepthToSpace", "deep", "out", { blocksize: { int: 2 } }),
      ],
    });
    const bytes = tinyModel(model);
    const adapted = adapt(bytes, { trim: 1, trimEnd: 1, minimum: 3 });
    const small = testPicture(1, 17, 23);
    const output = await runPlanes(adapted, small);
    expect(output.dims).toEqual([1, 1, 34, 46]);
    // Inside, where no edge was repeated, it is the network with the padding that it lacks.
    const padded = await reference(tinyModel(enlarger(1)), small, LUMA);
    const inner = ({ data }: Planes) =>
      Array.from({ length: 30 }, (_, row) => [
        ...data.subarray((row + 2) * 46 + 2, (row + 2) * 46 + 44),
      ]);
    expect(inner(output)).toEqual(inner(padded));
    expect((await runPlanes(adapted, testPicture(1, 1, 1))).dims).toEqual([1, 1, 2, 2]);
  });

  it("pads to the multiple that the network needs", async () => {
    const model = enlarger(3, {
      nodes: [
        node("SpaceToDepth", "in", "folded", { blocksize: { int: 4 } }),
        node("DepthToSpace", "folded", "unfolded", { blocksize: { int: 4 } }),
        ...enlargingNodes("unfolded"),
      ],
    });
    const adapted = adapt(tinyModel(model), { multiple: 4 });
    for (const [height, width] of [
      [17, 23],
      [1, 1],
      [16, 24],
    ] as const) {
      const output = await runPlanes(adapted, testPicture(3, height, width));
      expect(output.dims).toEqual([1, 3, 2 * height, 2 * width]);
    }
  });

  it("keeps a fixed size, and frees it when told so", async () => {
    const bytes = tinyModel(
      enlarger(1, {
        input: { name: "in", dims: [1, 1, 17, 23] },
        output: { name: "out", dims: [1, 1, 34, 46] },
      }),
    );
    const picture = testPicture(1, 17, 23);
    const wanted = await reference(bytes, picture, LUMA);
    expect(await runPlanes(adapt(bytes), picture)).toEqual(wanted);
    await expect(runPlanes(adapt(bytes), testPicture(1, 16, 23))).rejects.toThrow();
    expect(await runPlanes(adapt(bytes, { isFreed: true }), picture)).toEqual(wanted);
    const other = await runPlanes(adapt(bytes, { isFreed: true }), testPicture(1, 9, 31));
    expect(other.dims).toEqual([1, 1, 18, 62]);
  });

  it("returns a model that takes and gives bytes as it is", () => {
    const bytes = tinyModel({
      input: { name: "x", type: "uint8", dims: [1, 1, "h", "w"] },
      output: { name: "y", type: "uint8", dims: [1, 1, "h", "w"] },
      nodes: [node("Identity", "x", "y")],
    });
    expect(adapt(bytes, { scale: 1 })).toBe(bytes);
  });

  it("adapts only once", () => {
    const adapted = adapt(tinyModel(enlarger(3)));
    expect(adapt(adapted)).toBe(adapted);
  });

  it("reorders the planes of an RGB network that takes bytes", async () => {
    const bytes = tinyModel({
      input: { name: "x", type: "uint8", dims: [1, 3, "h", "w"] },
      output: { name: "y", type: "uint8", dims: [1, 3, "h", "w"] },
      nodes: [
        node("Cast", "x", "pixels", { to: { int: 1 } }),
        node("Mul", "pixels gains", "dimmed"),
        node("Cast", "dimmed", "y", { to: { int: 2 } }),
      ],
      weights: [floatTensor("gains", [1, 3, 1, 1], [1, 0.5, 0])],
    });
    const output = await runPlanes(adapt(bytes, { scale: 1 }), {
      data: Uint8Array.of(100, 100, 100),
      dims: [1, 3, 1, 1],
    });
    // Red keeps 1, green a half, blue nothing; planes are green, blue, red.
    expect([...output.data]).toEqual([50, 0, 100]);
  });
});
