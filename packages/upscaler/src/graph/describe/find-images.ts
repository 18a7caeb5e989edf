import { elementTypeOf, type ElementType } from "../onnx/element-type.ts";
import type { ImageTensor, Layout } from "../model-description.ts";
import type { GraphProto, ValueInfoProto } from "../onnx/onnx-pb.ts";
import { refuseModel } from "../refuse-model.ts";
import { dimsOf, elementCodeOf, formatDims, type Dim } from "../onnx/tensor-dims.ts";
import { traceInput } from "./trace-input.ts";

export interface Images {
  readonly channels: 1 | 3;
  readonly input: ImageTensor;
  readonly output: ImageTensor;
}

const PIXEL_TYPES: readonly ElementType[] = ["float32", "float16", "float64", "uint8"];
const CHANNEL_AXIS = { NCHW: 1, NHWC: 3 } as const;
const EXPECTED =
  "one image in, one out: [1,1,height,width] or [1,3,height,width], or channels last";

/** Finds the one image that goes in and the one that comes out, or throws `model_unusable`. */
export function findImages(graph: GraphProto): Images {
  const input = soleInput(graph);
  const { layout, channels } = inputShape(graph, input);
  const [output, outputLayout] = imageOutput(graph, channels, layout);
  return {
    channels,
    input: imageTensor(input, layout),
    output: imageTensor(output, outputLayout),
  };
}

const describeValue = (value: ValueInfoProto): string => {
  const code = elementCodeOf(value);
  return `${value.name}: ${elementTypeOf(code) ?? `type ${code}`} ${formatDims(dimsOf(value))}`;
};
const describeValues = (values: readonly ValueInfoProto[]): string =>
  values.length === 0 ? "none" : values.slice(0, 8).map(describeValue).join("; ");

/** [batch, …]: the axes of a picture without a batch get one, those of unknown shape are all open. */
const batchedDims = (value: ValueInfoProto): readonly Dim[] => {
  const dims = dimsOf(value);
  return dims?.length === 3 ? [1, ...dims] : (dims ?? [undefined, undefined, undefined, undefined]);
};

const isPixelType = (value: ValueInfoProto): boolean => {
  const type = elementTypeOf(elementCodeOf(value));
  return type !== undefined && PIXEL_TYPES.includes(type);
};

const isImage = (value: ValueInfoProto): boolean => {
  const dims = batchedDims(value);
  const isOne = dims[0] === undefined || dims[0] === 1;
  return isPixelType(value) && dims.length === 4 && isOne;
};

/** Up to IR version 3 the weights are listed among the inputs. */
function soleInput(graph: GraphProto): ValueInfoProto {
  const weights = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !weights.has(name));
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    return refuseModel(`The model has ${inputs.length} inputs`, {
      expected: EXPECTED,
      got: describeValues(inputs),
    });
  }
  return isImage(input) ? input : refuseInput(input);
}

const refuseInput = (value: ValueInfoProto): never =>
  refuseModel(`The input of the model is ${whatInputIs(value)}`, {
    expected: `${PIXEL_TYPES.join(", ")}; ${EXPECTED}`,
    got: describeValue(value),
  });

/** What keeps a tensor from being one picture, in words. */
function whatInputIs(value: ValueInfoProto): string {
  const dims = batchedDims(value);
  const [batch, second, , last] = dims;
  if (dims.length === 5) return "a series of pictures, not one";
  if (dims.length !== 4 || !isPixelType(value)) return "not a picture";
  if (batch !== undefined && batch > 1) return `${batch} pictures at once, not one`;
  const channels = second ?? last;
  if (channels === 4) return "a picture of 4 channels (one for transparency?), not of 1 or 3";
  return "not a picture of 1 or 3 channels";
}

function inputShape(graph: GraphProto, input: ValueInfoProto): { layout: Layout; channels: 1 | 3 } {
  const dims = batchedDims(input);
  for (const channels of [3, 1] as const) {
    const layout = layoutWith(dims, channels);
    if (layout !== undefined) return { layout, channels };
  }
  const traced = traceInput(graph, input.name);
  const channels = traced?.channels;
  const isOpen = traced !== undefined && dims[CHANNEL_AXIS[traced.layout]] === undefined;
  if (isOpen && (channels === 1 || channels === 3)) return { layout: traced.layout, channels };
  return refuseInput(input);
}

/** The layout that puts `channels` on its axis; NCHW when both would. */
function layoutWith(dims: readonly Dim[], channels: 1 | 3): Layout | undefined {
  return (["NCHW", "NHWC"] as const).find((layout) => dims[CHANNEL_AXIS[layout]] === channels);
}

/**
 * The first output that declares to be the picture, else the first that may be one: networks with loss
 * or feature outputs have more, and leave the shape of those open.
 */
function imageOutput(
  graph: GraphProto,
  channels: 1 | 3,
  inputLayout: Layout,
): [ValueInfoProto, Layout] {
  const made = new Set(graph.node.flatMap((node) => node.output));
  const images = graph.output.filter((value) => made.has(value.name) && isImage(value));
  for (const value of images) {
    const layout = layoutWith(batchedDims(value), channels);
    if (layout !== undefined) return [value, layout];
  }
  const open = images.find((value) => batchedDims(value)[CHANNEL_AXIS[inputLayout]] === undefined);
  if (open !== undefined) return [open, inputLayout];
  return refuseModel("The model gives no picture", {
    expected: `a picture of ${channels} channel${channels === 1 ? "" : "s"} like its input`,
    got: describeValues(graph.output),
  });
}

function imageTensor(value: ValueInfoProto, layout: Layout): ImageTensor {
  const dims = batchedDims(value);
  const [height, width] = layout === "NCHW" ? [dims[2], dims[3]] : [dims[1], dims[2]];
  const type = elementTypeOf(elementCodeOf(value)) ?? "float32";
  return { name: value.name, type, layout, hasBatch: dimsOf(value)?.length !== 3, height, width };
}
