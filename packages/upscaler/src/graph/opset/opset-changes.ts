import { createAttribute, floatTensor, int64Tensor } from "../onnx/node-writer.ts";
import type { GraphProto, NodeProto, TensorProto } from "../onnx/onnx-pb.ts";
import { refuseModel } from "../refuse-model.ts";
import type { FreshName } from "../onnx/value-names.ts";

interface RewriteContext {
  readonly graph: GraphProto;
  readonly freshName: FreshName;
}

export interface Rewrite {
  /** The operator set that brought the change. */
  readonly since: number;
  readonly rewrite: (node: NodeProto, context: RewriteContext) => void;
}

/** Operators that mean the same in sets 4 to 11, as far as image networks use them. */
export const UNCHANGED: ReadonlySet<string> = new Set(
  (
    "Abs ArgMax AveragePool Ceil Concat Constant Conv ConvTranspose DepthToSpace Elu Exp Expand Flatten " +
    "Floor Gather GlobalAveragePool GlobalMaxPool HardSigmoid Identity InstanceNormalization LeakyRelu " +
    "Log LRN MatMul MaxPool Neg Reciprocal ReduceMax ReduceMean ReduceMin ReduceSum Relu Reshape Selu " +
    "Shape Sigmoid Softmax Softplus SpaceToDepth Split Sqrt Squeeze Tanh Transpose Unsqueeze Where"
  ).split(" "),
);

/** Changes up to operator set 11, in order: https://github.com/onnx/onnx/blob/main/docs/Changelog.md. */
export const REWRITES: Readonly<Record<string, readonly Rewrite[]>> = {
  Add: [{ since: 7, rewrite: broadcastLikeNumpy }],
  Sub: [{ since: 7, rewrite: broadcastLikeNumpy }],
  Mul: [{ since: 7, rewrite: broadcastLikeNumpy }],
  Div: [{ since: 7, rewrite: broadcastLikeNumpy }],
  Pow: [{ since: 7, rewrite: broadcastLikeNumpy }],
  PRelu: [{ since: 7, rewrite: (node, context) => alignWithChannels(node, context, 1) }],
  Sum: [{ since: 8, rewrite: () => {} }],
  Max: [{ since: 8, rewrite: () => {} }],
  Min: [{ since: 8, rewrite: () => {} }],
  Cast: [{ since: 6, rewrite: refuseTextualCast }],
  BatchNormalization: [
    {
      since: 9,
      rewrite: (node) => dropAttributes(node, ["is_test", "spatial", "consumed_inputs"]),
    },
  ],
  Dropout: [{ since: 7, rewrite: (node) => dropAttributes(node, ["is_test"]) }],
  Clip: [{ since: 11, rewrite: limitsAsInputs }],
  Pad: [{ since: 11, rewrite: padsAsInput }],
  Slice: [{ since: 10, rewrite: rangeAsInputs }],
  Upsample: [
    { since: 9, rewrite: scalesAsInput },
    { since: 10, rewrite: (node) => void (node.opType = "Resize") },
    { since: 11, rewrite: resizeLikeBefore },
  ],
  Resize: [{ since: 11, rewrite: resizeLikeBefore }],
};

const attributeOf = (node: NodeProto, name: string) =>
  node.attribute.find((attribute) => attribute.name === name);

function dropAttributes(node: NodeProto, names: readonly string[]): void {
  node.attribute = node.attribute.filter(({ name }) => !names.includes(name));
}

function keep(context: RewriteContext, tensor: TensorProto): string {
  context.graph.initializer.push(tensor);
  return tensor.name;
}
const keepList = (context: RewriteContext, values: readonly number[]): string =>
  keep(context, int64Tensor(context.freshName("list"), values));
const keepScalar = (context: RewriteContext, value: number): string =>
  keep(context, floatTensor(context.freshName("value"), [], [value]));

/** Before set 7, `axis` said where the axes of the second operand start. */
function broadcastLikeNumpy(node: NodeProto, context: RewriteContext): void {
  const axis = attributeOf(node, "axis");
  dropAttributes(node, ["axis", "broadcast", "consumed_inputs"]);
  if (axis !== undefined) alignWithChannels(node, context, Number(axis.i));
}

/** Gives the second operand axes of 1 behind its own, so that its first one is `axis` of [N,C,H,W]. */
function alignWithChannels(node: NodeProto, context: RewriteContext, axis: number): void {
  const name = node.input[1] ?? "";
  const operand = context.graph.initializer.find((tensor) => tensor.name === name);
  if (operand === undefined) {
    return refuseModel("The model is too old: it broadcasts in the way of operator set 6", {
      expected: "operator set 7 or later (onnx.version_converter can raise it)",
      got: `${node.opType} with an operand ${name} that is computed`,
    });
  }
  const missing = 4 - axis - operand.dims.length;
  if (operand.dims.length === 0 || missing <= 0) return;
  const aligned: TensorProto = {
    ...operand,
    name: context.freshName("operand"),
    dims: [...operand.dims, ...Array.from({ length: missing }, () => 1n)],
  };
  node.input[1] = keep(context, aligned);
}

function refuseTextualCast(node: NodeProto): void {
  refuseModel("The model is too old: it names types by text", {
    expected: "operator set 6 or later",
    got: node.opType,
  });
}

function limitsAsInputs(node: NodeProto, context: RewriteContext): void {
  const [low, high] = ["min", "max"].map((name) => attributeOf(node, name));
  node.input = [
    node.input[0] ?? "",
    low === undefined ? "" : keepScalar(context, low.f),
    high === undefined ? "" : keepScalar(context, high.f),
  ];
  dropAttributes(node, ["min", "max"]);
}

function padsAsInput(node: NodeProto, context: RewriteContext): void {
  const pads = attributeOf(node, "pads")?.ints.map(Number) ?? [];
  node.input = [
    node.input[0] ?? "",
    keepList(context, pads),
    keepScalar(context, attributeOf(node, "value")?.f ?? 0),
  ];
  dropAttributes(node, ["pads", "value"]);
}

function rangeAsInputs(node: NodeProto, context: RewriteContext): void {
  const [starts, ends, axes] = ["starts", "ends", "axes"].map((name) =>
    attributeOf(node, name)?.ints.map(Number),
  );
  node.input = [
    node.input[0] ?? "",
    keepList(context, starts ?? []),
    keepList(context, ends ?? []),
    keepList(context, axes ?? (starts ?? []).map((_, axis) => axis)),
  ];
  dropAttributes(node, ["starts", "ends", "axes"]);
}

function scalesAsInput(node: NodeProto, context: RewriteContext): void {
  const scales = attributeOf(node, "scales")?.floats ?? [];
  const tensor = floatTensor(context.freshName("scales"), [scales.length], scales);
  node.input = [node.input[0] ?? "", keep(context, tensor)];
  dropAttributes(node, ["scales"]);
}

/** Sets 9 and 10 mapped pixels by x ÷ scale, and `nearest` took the one at or before. */
function resizeLikeBefore(node: NodeProto, context: RewriteContext): void {
  const region = floatTensor(context.freshName("region"), [0], []);
  node.input = [node.input[0] ?? "", keep(context, region), node.input[1] ?? ""];
  node.attribute.push(
    createAttribute("coordinate_transformation_mode", { text: "asymmetric" }),
    createAttribute("nearest_mode", { text: "floor" }),
  );
}
