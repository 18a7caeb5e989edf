import { create } from "@bufbuild/protobuf";
import { ELEMENT_TYPES } from "./element-type.ts";
import {
  AttributeProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
} from "./onnx-pb.ts";
import type { FreshName } from "./value-names.ts";

/** An attribute by its ONNX kind. */
export type AttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly text: string };

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Collects nodes and constants, in the order in which they are to run. */
export interface NodeWriter {
  readonly nodes: NodeProto[];
  readonly constants: TensorProto[];
  /** Adds a node with one output and returns that output's name. */
  add(op: string, inputs: readonly string[], attributes?: Attributes): string;
  /** A float32 scalar. */
  scalar(value: number): string;
  /** A list of int64. */
  list(values: readonly number[]): string;
}

export function createNodeWriter(freshName: FreshName): NodeWriter {
  const nodes: NodeProto[] = [];
  const constants: TensorProto[] = [];
  const keep = (tensor: TensorProto): string => {
    constants.push(tensor);
    return tensor.name;
  };
  return {
    nodes,
    constants,
    add(op, inputs, attributes = {}) {
      const output = freshName(op.toLowerCase());
      nodes.push(createNode(op, inputs, output, attributes));
      return output;
    },
    scalar: (value) => keep(floatTensor(freshName("value"), [], [value])),
    list: (values) => keep(int64Tensor(freshName("list"), values)),
  };
}

export const createNode = (
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: Attributes = {},
): NodeProto =>
  create(NodeProtoSchema, {
    opType,
    name: output,
    input: [...inputs],
    output: [output],
    attribute: Object.entries(attributes).map(([name, value]) => createAttribute(name, value)),
  });

/** AttributeProto.AttributeType. */
const KIND = { float: 1, int: 2, text: 3, floats: 6, ints: 7 } as const;

export function createAttribute(name: string, value: AttributeValue): AttributeProto {
  if ("int" in value) {
    return create(AttributeProtoSchema, { name, type: KIND.int, i: BigInt(value.int) });
  }
  if ("float" in value) {
    return create(AttributeProtoSchema, { name, type: KIND.float, f: value.float });
  }
  if ("text" in value) {
    return create(AttributeProtoSchema, { name, type: KIND.text, s: Buffer.from(value.text) });
  }
  if ("floats" in value) {
    return create(AttributeProtoSchema, { name, type: KIND.floats, floats: [...value.floats] });
  }
  return create(AttributeProtoSchema, { name, type: KIND.ints, ints: value.ints.map(BigInt) });
}

export const int64Tensor = (name: string, values: readonly number[]): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dataType: ELEMENT_TYPES.int64,
    dims: [BigInt(values.length)],
    int64Data: values.map(BigInt),
  });

export const floatTensor = (
  name: string,
  dims: readonly number[],
  values: readonly number[],
): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dataType: ELEMENT_TYPES.float32,
    dims: dims.map(BigInt),
    floatData: [...values],
  });
