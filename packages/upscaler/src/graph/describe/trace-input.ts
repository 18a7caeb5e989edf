import type { Layout } from "../model-description.ts";
import type { GraphProto, NodeProto } from "../onnx/onnx-pb.ts";

/** Operators that keep the axes of their first input. */
const TRANSPARENT = new Set([
  ..."Add Sub Mul Div Cast Identity Pad Clip Relu LeakyRelu Sigmoid Min Max Round Slice".split(" "),
  ..."QuantizeLinear DequantizeLinear BatchNormalization Resize Upsample".split(" "),
]);

export interface TracedInput {
  readonly layout: Layout;
  readonly channels: number;
}

/**
 * Finds layout and channels of an image input whose axes are all open, from the first convolution it
 * reaches: Conv always works on NCHW, so the transposes on the way tell the layout of the input.
 */
export function traceInput(graph: GraphProto, inputName: string): TracedInput | undefined {
  const weights = new Map(
    graph.initializer.map((tensor) => [tensor.name, tensor.dims.map(Number)]),
  );
  /** Value name to, for each of its axes, the axis of the input that it is. */
  const axes = new Map<string, readonly number[]>([[inputName, [0, 1, 2, 3]]]);
  for (const node of graph.node) {
    const from = node.input.map((name) => axes.get(name)).find((known) => known !== undefined);
    if (from === undefined) continue;
    if (node.opType === "Conv") return readConv(node, from, weights);
    const to = axesAfter(node, from);
    if (to === undefined) continue;
    for (const output of node.output) axes.set(output, to);
  }
  return undefined;
}

function axesAfter(node: NodeProto, from: readonly number[]): readonly number[] | undefined {
  if (TRANSPARENT.has(node.opType)) return from;
  if (node.opType !== "Transpose") return undefined;
  const order = node.attribute.find(({ name }) => name === "perm")?.ints.map(Number) ?? [
    3, 2, 1, 0,
  ];
  const to = order.map((axis) => from[axis] ?? -1);
  return to.length === 4 ? to : undefined;
}

function readConv(
  node: NodeProto,
  from: readonly number[],
  weights: ReadonlyMap<string, readonly number[]>,
): TracedInput | undefined {
  const perGroup = weights.get(node.input[1] ?? "")?.[1];
  if (perGroup === undefined) return undefined;
  const groups = Number(node.attribute.find(({ name }) => name === "group")?.i ?? 1n);
  const layout = from[1] === 1 ? "NCHW" : from[1] === 3 ? "NHWC" : undefined;
  return layout === undefined ? undefined : { layout, channels: perGroup * (groups || 1) };
}
