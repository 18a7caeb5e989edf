import { create, toBinary } from "@bufbuild/protobuf";
import { ELEMENT_TYPES, type ElementType } from "../onnx/element-type.ts";
import { createNode, floatTensor, int64Tensor, type Attributes } from "../onnx/node-writer.ts";
import * as pb from "../onnx/onnx-pb.ts";

/** Networks of one convolution, small enough to be written in a test and run by ONNX Runtime. */
export interface TinyModel {
  readonly opset?: number;
  readonly irVersion?: number;
  readonly input: TinyValue;
  readonly output: TinyValue;
  readonly nodes: readonly pb.NodeProto[];
  readonly weights?: readonly pb.TensorProto[];
  readonly domains?: readonly string[];
  readonly moreInputs?: readonly TinyValue[];
  /** Before `output`. */
  readonly firstOutputs?: readonly TinyValue[];
}

interface TinyValue {
  readonly name: string;
  readonly type?: ElementType;
  /** A string names an open axis. */
  readonly dims: readonly (number | string)[];
}

export const node = (
  op: string,
  inputs: string,
  output: string,
  attributes?: Attributes,
): pb.NodeProto => createNode(op, inputs.split(" "), output, attributes);

export function tinyProto(model: TinyModel): pb.ModelProto {
  const domains = ["", ...(model.domains ?? [])];
  return create(pb.ModelProtoSchema, {
    irVersion: BigInt(model.irVersion ?? 8),
    producerName: "test",
    opsetImport: domains.map((domain) => ({
      domain,
      version: BigInt(domain === "" ? (model.opset ?? 17) : 1),
    })),
    graph: create(pb.GraphProtoSchema, {
      name: "tiny",
      node: [...model.nodes],
      initializer: [...(model.weights ?? [])],
      input: [model.input, ...(model.moreInputs ?? [])].map(valueInfo),
      output: [...(model.firstOutputs ?? []), model.output].map(valueInfo),
    }),
  });
}

export const tinyModel = (model: TinyModel): Uint8Array =>
  toBinary(pb.ModelProtoSchema, tinyProto(model));

const valueInfo = ({ name, type = "float32", dims }: TinyValue): pb.ValueInfoProto =>
  create(pb.ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: "tensorType",
        value: {
          elemType: ELEMENT_TYPES[type],
          shape: {
            dim: dims.map((size) => ({
              value:
                typeof size === "number"
                  ? { case: "dimValue" as const, value: BigInt(size) }
                  : { case: "dimParam" as const, value: size },
            })),
          },
        },
      },
    },
  });

/**
 * Weights of a 3×3 convolution from `channels` to 4 × `channels`, for DepthToSpace by 2: nearly the
 * pixel itself, a little of its neighbours, each channel and each of the four pixels another. Sixteenths
 * only, which half floats hold exactly.
 */
function enlargingWeights(channels: number): number[] {
  const weights: number[] = [];
  for (let out = 0; out < 4 * channels; out++) {
    for (let from = 0; from < channels; from++) {
      for (let tap = 0; tap < 9; tap++) {
        const isSame = out % channels === from;
        const centre = isSame ? (13 - (out % channels)) / 16 : 1 / 16;
        const side = isSame && tap === 1 + (out % 4) * 2 ? 1 / 8 : 0;
        weights.push(tap === 4 ? centre : side);
      }
    }
  }
  return weights;
}

export const enlargingTensor = (channels: number, name = "w"): pb.TensorProto =>
  floatTensor(name, [4 * channels, channels, 3, 3], enlargingWeights(channels));

const PADS: Attributes = { pads: { ints: [1, 1, 1, 1] } };

/** `in` to `out`, ×2. */
export const enlargingNodes = (from = "in", to = "out"): pb.NodeProto[] => [
  node("Conv", `${from} w`, "deep", PADS),
  node("DepthToSpace", "deep", to, { blocksize: { int: 2 } }),
];

/** ×2, channels first, float32. */
export const enlarger = (channels: number, change: Partial<TinyModel> = {}): TinyModel => ({
  input: { name: "in", dims: ["n", channels, "h", "w"] },
  output: { name: "out", dims: ["n", channels, "h2", "w2"] },
  nodes: enlargingNodes(),
  weights: [enlargingTensor(channels)],
  ...change,
});

/** The same weights as half floats in `raw_data`, as exporters write them. */
export function halfTensor(tensor: pb.TensorProto): pb.TensorProto {
  return create(pb.TensorProtoSchema, {
    name: tensor.name,
    dims: [...tensor.dims],
    dataType: ELEMENT_TYPES.float16,
    rawData: new Uint8Array(new Float16Array(tensor.floatData).buffer),
  });
}

export { floatTensor, int64Tensor };
