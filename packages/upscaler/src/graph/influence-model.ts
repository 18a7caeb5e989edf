import { create } from "@bufbuild/protobuf";
import { ELEMENT_TYPES } from "./onnx/element-type.ts";
import { isStandardDomain } from "./onnx/graph-walk.ts";
import { createNodeWriter, type NodeWriter } from "./onnx/node-writer.ts";
import { readOnnx, writeOnnx } from "./onnx/onnx-file.ts";
import { NodeProtoSchema, type NodeProto, type ValueInfoProto } from "./onnx/onnx-pb.ts";
import { createFreshName } from "./onnx/value-names.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** What each value becomes depends on that value alone. */
const POINTWISE = words(
  "Abs BatchNormalization Cast Ceil Celu Clip DequantizeLinear Dropout Elu Erf Exp Floor Gelu " +
    "HardSigmoid HardSwish Identity LeakyRelu Log Mish Neg PRelu Pow QuantizeLinear Reciprocal Relu " +
    "Round Selu Sigmoid Softplus Softsign Sqrt Tanh ThresholdedRelu",
);
/** Values of the same place are joined. */
const JOINS = words("Add Sub Mul Div Max Min Sum Mean");
/** Values are moved, left out or repeated. */
const MOVES = words(
  "Slice Reshape Transpose Squeeze Unsqueeze Split DepthToSpace SpaceToDepth Expand Gather MaxPool",
);

/**
 * The same network with all numbers taken out: a float32 1 in `x` makes every value 1 that depends on
 * that pixel, through whatever convolutions, shuffles and reshapes; all others are 0. So running it
 * tells how far an input pixel reaches. Undefined for networks with an operator whose reach is not
 * known here, or is the whole picture (global pooling, attention).
 */
export function influenceModel(bytes: Uint8Array): Uint8Array | undefined {
  const { proto, graph } = readOnnx(bytes);
  const writer = createNodeWriter(createFreshName(graph));
  const pixels = new Set(graph.input.map(({ name }) => name));
  for (const weights of graph.initializer) pixels.delete(weights.name);
  for (const node of graph.node) {
    const isPixels = node.input.map((name) => pixels.has(name));
    if (!isPixels.includes(true) || node.opType === "Shape" || node.opType === "Size") {
      writer.nodes.push(node);
      continue;
    }
    if (!isStandardDomain(node.domain) || !rewrite(node, isPixels, writer)) return undefined;
    for (const name of node.output) pixels.add(name);
  }
  graph.node = writer.nodes;
  graph.initializer.push(...writer.constants);
  graph.valueInfo = [];
  for (const value of [...graph.input, ...graph.output]) makeFloat(value);
  return writeOnnx(proto);
}

function makeFloat({ type }: ValueInfoProto): void {
  if (type?.value.case === "tensorType") type.value.value.elemType = ELEMENT_TYPES.float32;
}

/** Writes operators that give what `node` gave, under the same name. */
function writeInPlaceOf(node: NodeProto, writer: NodeWriter) {
  const [output = ""] = node.output;
  const emit = (opType: string, input: string[], from?: NodeProto): void => {
    writer.nodes.push(
      create(NodeProtoSchema, {
        opType,
        input,
        output: from === undefined ? [output] : node.output,
        attribute: from?.attribute ?? [],
      }),
    );
  };
  /** As `emit`, and then 1 for whatever is more than 0. */
  const emitSign = (opType: string, input: string[], from?: NodeProto): void => {
    emit(opType, input, from);
    const made = writer.nodes.at(-1);
    const sum = `${output}_upreel_sum`;
    if (made !== undefined) made.output = [sum];
    emit("Sign", [sum]);
  };
  return { emit, emitSign };
}

/** Adds what stands for `node`; false where nothing can. */
function rewrite(node: NodeProto, isPixels: readonly boolean[], writer: NodeWriter): boolean {
  const { emit, emitSign } = writeInPlaceOf(node, writer);
  const pixels = node.input.filter((_, i) => isPixels[i]);
  const [first = ""] = pixels;
  const isFirst = isPixels[0] === true && pixels.length === 1;

  if (POINTWISE.has(node.opType)) {
    if (isFirst) emit("Identity", [first]);
    return isFirst;
  }
  if (JOINS.has(node.opType)) {
    emitSign("Sum", pixels);
    return true;
  }
  if (MOVES.has(node.opType)) {
    if (isFirst) emit(node.opType, node.input, node);
    return isFirst;
  }
  switch (node.opType) {
    case "Concat": {
      const isWhole = pixels.length === node.input.length;
      if (isWhole) emit("Concat", pixels, node);
      return isWhole;
    }
    case "Pad":
      // Without the value: what lies outside depends on no pixel.
      if (isFirst) emit("Pad", [first, node.input[1] ?? "", "", ...node.input.slice(3)], node);
      return isFirst;
    case "AveragePool":
      if (isFirst) emitSign("AveragePool", [first], node);
      return isFirst;
    case "Resize": {
      const mode = node.attribute.find(({ name }) => name === "mode")?.s;
      // Cubic weights are negative, too, and could cancel each other.
      const isKnown = isFirst && (mode === undefined || Buffer.from(mode).toString() !== "cubic");
      if (isKnown) emitSign("Resize", node.input, node);
      return isKnown;
    }
    case "Conv":
    case "ConvTranspose":
      if (isFirst) emitSign(node.opType, [first, ones(node.input[1] ?? "", writer)], node);
      return isFirst;
    case "QLinearConv":
      // x, x_scale, x_zero_point, w, w_scale, w_zero_point, …
      if (!isFirst) return false;
      emitSign("Conv", [first, ones(node.input[3] ?? "", writer, node.input[5])], node);
      return true;
    default:
      return false;
  }
}

/** 1 for each weight that is not zero: some networks have layers that are sparse on purpose. */
function ones(weights: string, writer: NodeWriter, zeroPoint?: string): string {
  const toFloat = (name: string): string =>
    writer.add("Cast", [name], { to: { int: ELEMENT_TYPES.float32 } });
  let values = toFloat(weights);
  if (zeroPoint !== undefined && zeroPoint !== "") {
    // One for the layer or one for each output channel.
    const points = writer.add("Reshape", [toFloat(zeroPoint), writer.list([-1, 1, 1, 1])]);
    values = writer.add("Sub", [values, points]);
  }
  return writer.add("Sign", [writer.add("Abs", [values])]);
}
