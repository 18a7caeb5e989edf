import type { ModelFacts, Ranges } from "./model-facts.ts";
import type { NodeWriter } from "./onnx/node-writer.ts";

/** Operators below are those of this set or later: Pad with its sizes as an input. */
export const PADDING_OPSET = 11;

export type Padding = Omit<ModelFacts, keyof Ranges | "order" | "isFreed">;

export const needsPadding = (facts: Padding): boolean =>
  facts.trim + facts.trimEnd > 0 || facts.multiple > 1 || facts.minimum > 1;

/**
 * Grows the planes by what the network trims and to a size that the network takes, repeating the edge.
 * `size` names a value that holds [height, width] of `planes`.
 */
export function padPlanes(
  writer: NodeWriter,
  planes: string,
  facts: Padding,
): { padded: string; size: string } {
  const { trim, trimEnd, multiple, remainder, minimum } = facts;
  const size = writer.add("Slice", [
    writer.add("Shape", [planes]),
    ...[[2], [4], [0]].map((values) => writer.list(values)),
  ]);
  let wanted = writer.add("Add", [size, writer.list([trim + trimEnd])]);
  // Max takes integers only from operator set 12 on.
  const least = writer.list([minimum]);
  wanted = writer.add("Where", [writer.add("Less", [wanted, least]), least, wanted]);
  const step = writer.list([multiple]);
  const roundUp = writer.list([multiple - 1 - remainder]);
  const steps = writer.add("Div", [writer.add("Add", [wanted, roundUp]), step]);
  const after = writer.add("Sub", [
    writer.add("Mul", [steps, step]),
    writer.add("Add", [size, writer.list([trim - remainder])]),
  ]);
  const pads = writer.add("Concat", [writer.list([0, 0, trim, trim, 0, 0]), after], {
    axis: { int: 0 },
  });
  const padded = writer.add("Pad", [planes, pads], { mode: { text: "edge" } });
  return { padded, size };
}

/** Cuts the upscaled planes to `scale` × `size`; they start where the planes before padding started. */
export function cropPlanes(
  writer: NodeWriter,
  planes: string,
  size: string,
  scale: number,
): string {
  const end = writer.add("Mul", [size, writer.list([scale])]);
  return writer.add("Slice", [planes, writer.list([0, 0]), end, writer.list([2, 3])]);
}
