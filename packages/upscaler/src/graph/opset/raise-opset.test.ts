import { toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { ModelProtoSchema, type NodeProto, type TensorProto } from "../onnx/onnx-pb.ts";
import { readOnnx, writeOnnx } from "../onnx/onnx-file.ts";
import { raiseOpset } from "./raise-opset.ts";
import { runFloats } from "../testing/run-model.ts";
import { floatTensor, int64Tensor, node, tinyModel, tinyProto } from "../testing/tiny-models.ts";
import { createFreshName } from "../onnx/value-names.ts";

const CHANNELS = 3;
const [HEIGHT, WIDTH] = [5, 7];
const INPUT = {
  data: Float32Array.from({ length: CHANNELS * HEIGHT * WIDTH }, (_, at) => Math.sin(at) * 2),
  dims: [1, CHANNELS, HEIGHT, WIDTH],
};

const network = (
  opset: number,
  nodes: readonly NodeProto[],
  weights: readonly TensorProto[] = [],
) => ({
  opset,
  input: { name: "in", dims: [1, CHANNELS, "h", "w"] },
  output: { name: "out", dims: [1, "c", "h2", "w2"] },
  nodes,
  weights,
});

function raise(bytes: Uint8Array, target: number): Uint8Array {
  const { proto, graph } = readOnnx(bytes);
  raiseOpset(proto, graph, target, createFreshName(graph));
  return writeOnnx(proto);
}

describe("raiseOpset", () => {
  it.each<[string, number, NodeProto[], TensorProto[]]>([
    ["Clip", 6, [node("Clip", "in", "out", { min: { float: -0.5 }, max: { float: 1 } })], []],
    ["Clip with one limit", 7, [node("Clip", "in", "out", { min: { float: 0 } })], []],
    [
      "Pad",
      8,
      [
        node("Pad", "in", "out", {
          pads: { ints: [0, 0, 1, 2, 0, 0, 3, 1] },
          value: { float: 0.25 },
        }),
      ],
      [],
    ],
    [
      "reflecting Pad",
      10,
      [
        node("Pad", "in", "out", {
          pads: { ints: [0, 0, 1, 2, 0, 0, 3, 1] },
          mode: { text: "reflect" },
        }),
      ],
      [],
    ],
    [
      "Slice",
      9,
      [
        node("Slice", "in", "out", {
          starts: { ints: [1, 2] },
          ends: { ints: [-1, 99] },
          axes: { ints: [2, 3] },
        }),
      ],
      [],
    ],
    [
      "Slice of every axis",
      9,
      [
        node("Slice", "in", "out", {
          starts: { ints: [0, 0, 1, 1] },
          ends: { ints: [1, 3, 4, 5] },
        }),
      ],
      [],
    ],
    [
      "Upsample to the nearest",
      7,
      [node("Upsample", "in", "out", { scales: { floats: [1, 1, 2, 3] } })],
      [],
    ],
    [
      "linear Upsample",
      9,
      [node("Upsample", "in scales", "out", { mode: { text: "linear" } })],
      [floatTensor("scales", [4], [1, 1, 2, 2])],
    ],
    [
      "Resize to the nearest",
      10,
      [node("Resize", "in scales", "out", { mode: { text: "nearest" } })],
      [floatTensor("scales", [4], [1, 1, 2, 3])],
    ],
    [
      "linear Resize",
      10,
      [node("Resize", "in scales", "out", { mode: { text: "linear" } })],
      [floatTensor("scales", [4], [1, 1, 2, 2])],
    ],
    [
      "PRelu",
      7,
      [node("PRelu", "in slopes", "out")],
      [floatTensor("slopes", [CHANNELS, 1, 1], [0.1, 0.2, 0.3])],
    ],
    [
      "BatchNormalization",
      7,
      [node("BatchNormalization", "in one two one two", "out", { spatial: { int: 1 } })],
      [floatTensor("one", [CHANNELS], [1, 1.5, 2]), floatTensor("two", [CHANNELS], [0.5, 1, 0.25])],
    ],
    ["Sum", 7, [node("Sum", "in in", "out")], []],
    [
      "Unsqueeze",
      7,
      [
        node("Unsqueeze", "in", "five", { axes: { ints: [4] } }),
        node("Squeeze", "five", "out", { axes: { ints: [4] } }),
      ],
      [],
    ],
    ["Reshape", 7, [node("Reshape", "in shape", "out")], [int64Tensor("shape", [1, 1, -1, 7])]],
  ])("keeps what %s of set %i gives", async (_, opset, nodes, weights) => {
    const bytes = tinyModel(network(opset, nodes, weights));
    expect(await runFloats(raise(bytes, 11), INPUT)).toEqual(await runFloats(bytes, INPUT));
  });

  it("aligns operands with the axis that sets before 7 name", async () => {
    const perChannel = floatTensor("gains", [CHANNELS], [1, 0.5, 0.25]);
    const old = tinyModel(
      network(
        6,
        [node("Mul", "in gains", "out", { axis: { int: 1 }, broadcast: { int: 1 } })],
        [perChannel],
      ),
    );
    const today = tinyModel(
      network(13, [node("Mul", "in gains", "out")], [{ ...perChannel, dims: [3n, 1n, 1n] }]),
    );
    expect(await runFloats(raise(old, 7), INPUT)).toEqual(await runFloats(today, INPUT));
  });

  it("gives the slopes of PRelu before set 7 the axes behind the channel", async () => {
    const slopes = floatTensor("slopes", [CHANNELS], [0.1, 0.2, 0.3]);
    const old = tinyModel(network(6, [node("PRelu", "in slopes", "out")], [slopes]));
    const today = tinyModel(
      network(13, [node("PRelu", "in slopes", "out")], [{ ...slopes, dims: [3n, 1n, 1n] }]),
    );
    expect(await runFloats(raise(old, 7), INPUT)).toEqual(await runFloats(today, INPUT));
  });

  it("leaves a model alone that is there already", () => {
    const bytes = tinyModel(network(13, [node("SomethingNew", "in", "out")]));
    expect(raise(bytes, 11)).toEqual(bytes);
  });

  it("does not touch a model with an operator that it does not know: it refuses", () => {
    const proto = tinyProto(network(8, [node("Scan", "in", "out")]));
    expect(() => raise(toBinary(ModelProtoSchema, proto), 11)).toThrow("too old");
  });
});
