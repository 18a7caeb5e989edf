import { ELEMENT_TYPES, type ElementType } from "./onnx/element-type.ts";
import type { Layout } from "./model-description.ts";
import type { Range } from "./model-facts.ts";
import type { NodeWriter } from "./onnx/node-writer.ts";

/** How a network sees pixels at one of its ends. */
export interface PixelForm {
  readonly type: ElementType;
  readonly layout: Layout;
  readonly hasBatch: boolean;
  readonly range: Range;
  readonly order: "luma" | "rgb" | "bgr" | "gbr";
  readonly opset: number;
}

/** Which plane of G, B, R is each channel of the network. */
const CHANNELS_FROM_GBR = { rgb: [2, 0, 1], bgr: [1, 0, 2] } as const;
/** Which channel of the network is each plane of G, B, R. */
const GBR_FROM_CHANNELS = { rgb: [1, 2, 0], bgr: [1, 0, 2] } as const;

/** Adds the nodes from uint8 planes to what the network takes; returns the last value's name. */
export function planesToPixels(writer: NodeWriter, planes: string, form: PixelForm): string {
  let value = planes;
  // On bytes, where moving a pixel is cheapest.
  if (form.order === "rgb" || form.order === "bgr") {
    value = reorder(writer, value, CHANNELS_FROM_GBR[form.order]);
  }
  if (form.layout === "NHWC") {
    value = writer.add("Transpose", [value], { perm: { ints: [0, 2, 3, 1] } });
  }
  if (!form.hasBatch) value = changeBatch(writer, "Squeeze", value, form);
  if (form.type === "uint8") return value;
  value = cast(writer, value, "float32");
  if (form.range === 1) value = writer.add("Div", [value, writer.scalar(255)]);
  if (form.range === "signed") {
    value = writer.add("Div", [value, writer.scalar(255 / 2)]);
    value = writer.add("Sub", [value, writer.scalar(1)]);
  }
  return form.type === "float32" ? value : cast(writer, value, form.type);
}

/** Adds the nodes from what the network gives to uint8 planes; returns the last value's name. */
export function pixelsToPlanes(writer: NodeWriter, pixels: string, form: PixelForm): string {
  let value = pixels;
  if (form.type !== "uint8") value = toBytes(writer, value, form);
  if (!form.hasBatch) value = changeBatch(writer, "Unsqueeze", value, form);
  if (form.layout === "NHWC") {
    value = writer.add("Transpose", [value], { perm: { ints: [0, 3, 1, 2] } });
  }
  if (form.order === "rgb" || form.order === "bgr") {
    value = reorder(writer, value, GBR_FROM_CHANNELS[form.order]);
  }
  return value;
}

/** Rounds half up: a cast cuts the fraction off, and Round came only with operator set 11. */
function toBytes(writer: NodeWriter, pixels: string, form: PixelForm): string {
  let value = form.type === "float32" ? pixels : cast(writer, pixels, "float32");
  if (form.range === 1) value = writer.add("Mul", [value, writer.scalar(255)]);
  if (form.range === "signed") {
    value = writer.add("Add", [value, writer.scalar(1)]);
    value = writer.add("Mul", [value, writer.scalar(255 / 2)]);
  }
  value = writer.add("Add", [value, writer.scalar(0.5)]);
  value =
    form.opset < 11
      ? writer.add("Clip", [value], { min: { float: 0 }, max: { float: 255 } })
      : writer.add("Clip", [value, writer.scalar(0), writer.scalar(255)]);
  return cast(writer, value, "uint8");
}

const cast = (writer: NodeWriter, value: string, to: ElementType): string =>
  writer.add("Cast", [value], { to: { int: ELEMENT_TYPES[to] } });

const changeBatch = (
  writer: NodeWriter,
  op: "Squeeze" | "Unsqueeze",
  value: string,
  { opset }: PixelForm,
): string =>
  opset < 13
    ? writer.add(op, [value], { axes: { ints: [0] } })
    : writer.add(op, [value, writer.list([0])]);

const reorder = (writer: NodeWriter, value: string, order: readonly number[]): string =>
  writer.add("Gather", [value, writer.list(order)], { axis: { int: 1 } });
