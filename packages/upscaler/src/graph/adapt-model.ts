import { setAdaptedMark } from "./adapted-mark.ts";
import { opsetOf } from "./check-operators.ts";
import { convertToFloat32 } from "./float32-model.ts";
import { planesValue } from "./image-values.ts";
import type { ModelDescription } from "./model-description.ts";
import type { ModelFacts } from "./model-facts.ts";
import { createNodeWriter, type NodeWriter } from "./onnx/node-writer.ts";
import { readOnnx, writeOnnx } from "./onnx/onnx-file.ts";
import type { GraphProto, ModelProto } from "./onnx/onnx-pb.ts";
import { cropPlanes, needsPadding, PADDING_OPSET, padPlanes } from "./pad-planes.ts";
import { pixelsToPlanes, planesToPixels, type PixelForm } from "./pixel-form.ts";
import { raiseOpset } from "./opset/raise-opset.ts";
import { createFreshName, renameValue, type FreshName } from "./onnx/value-names.ts";

export interface AdaptOptions {
  /**
   * `float32`, for `cpu`, turns half-precision networks into single-precision ones: on x86 as fast and
   * bit for bit what ONNX Runtime makes of the others. `keep`, for GPUs, leaves them.
   */
  readonly computeType: "keep" | "float32";
}

/** Names of the one input and the one output of every adapted model. */
const INPUT_NAME = "x";
const OUTPUT_NAME = "y";

/** The first operator set whose arithmetic ONNX Runtime still has. */
const OLDEST_OPSET = 7;
/** From this IR version on, weights need not be inputs as well. */
const OLDEST_IR_VERSION = 4n;

/**
 * Makes a model that takes `x` and gives `y`, uint8: [1,1,H,W] to [1,1,sH,sW] for luma networks,
 * [1,3,H,W] to [1,3,sH,sW] for RGB ones, with planes in G, B, R order as in ffmpeg's `gbrp`. One that
 * takes any size is padded and cut inside, so that every size from 1×1 works; one of fixed size keeps
 * its size and its trim. `bytes` is what `description` describes. A model that is like this already
 * is returned as it is.
 */
export function adaptModel(
  bytes: Uint8Array,
  description: ModelDescription,
  facts: ModelFacts,
  options: AdaptOptions = { computeType: "float32" },
): Uint8Array {
  const fixed = facts.isFreed ? undefined : description.fixed;
  const isPadded = fixed === undefined && needsPadding(facts);
  if (description.isAdapted && !isPadded && !facts.isFreed) return bytes;

  const { proto, graph } = readOnnx(bytes);
  const freshName = createFreshName(graph);
  modernise(proto, graph, isPadded ? PADDING_OPSET : OLDEST_OPSET, freshName);
  const computeType = options.computeType;
  if (computeType === "float32") convertToFloat32(proto);

  const opset = opsetOf(proto);
  const ends = freeReservedNames(graph, description, freshName);
  const before = createNodeWriter(freshName);
  const grown = isPadded ? padPlanes(before, INPUT_NAME, facts) : undefined;
  const inputForm = pixelForm(description, "input", { facts, computeType, opset });
  planesToPixels(before, grown?.padded ?? INPUT_NAME, inputForm);
  endWith(before, INPUT_NAME, ends.input);

  const after = createNodeWriter(freshName);
  const outputForm = pixelForm(description, "output", { facts, computeType, opset });
  const planes = pixelsToPlanes(after, ends.output, outputForm);
  if (grown !== undefined) cropPlanes(after, planes, grown.size, facts.scale);
  endWith(after, ends.output, OUTPUT_NAME);

  graph.initializer.push(...before.constants, ...after.constants);
  graph.node = [...before.nodes, ...graph.node, ...after.nodes];
  const { channels, kind } = description;
  const sides = [fixed?.height ?? "height", fixed?.width ?? "width"] as const;
  graph.input = [planesValue(INPUT_NAME, channels, ...sides)];
  graph.output = [planesValue(OUTPUT_NAME, channels, "out_height", "out_width")];
  if (!description.isAdapted) setAdaptedMark(proto, kind);
  return writeOnnx(proto);
}

/** Brings old files to where ONNX Runtime still has the operators and knows what is a weight. */
function modernise(
  proto: ModelProto,
  graph: GraphProto,
  leastOpset: number,
  freshName: FreshName,
): void {
  dropWeightInputs(graph);
  if (proto.irVersion < OLDEST_IR_VERSION) proto.irVersion = OLDEST_IR_VERSION;
  raiseOpset(proto, graph, leastOpset, freshName);
  // Hints about shapes and types that are about to be untrue.
  graph.valueInfo = [];
}

function pixelForm(
  description: ModelDescription,
  end: "input" | "output",
  chosen: { facts: ModelFacts; computeType: AdaptOptions["computeType"]; opset: number },
): PixelForm {
  const { type, layout, hasBatch } = description[end];
  const isWidened = chosen.computeType === "float32" && type === "float16";
  const order = description.isAdapted ? "gbr" : chosen.facts.order;
  return {
    type: isWidened ? "float32" : type,
    layout,
    hasBatch,
    range: (end === "output" ? chosen.facts.outputRange : undefined) ?? chosen.facts.range,
    order: description.kind === "luma" ? "luma" : order,
    opset: chosen.opset,
  };
}

/** Weights that are inputs as well could be replaced by a caller, so ORT would not fuse them. */
function dropWeightInputs(graph: GraphProto): void {
  const weights = new Set(graph.initializer.map(({ name }) => name));
  graph.input = graph.input.filter(({ name }) => !weights.has(name));
}

/** Makes `x` and `y` free for the adapted model, whatever they name now. */
function freeReservedNames(
  graph: GraphProto,
  description: ModelDescription,
  freshName: FreshName,
): { input: string; output: string } {
  const names = { input: description.input.name, output: description.output.name };
  for (const reserved of [INPUT_NAME, OUTPUT_NAME]) {
    const replacement = freshName(`was_${reserved}`);
    renameValue(graph, reserved, replacement);
    if (names.input === reserved) names.input = replacement;
    if (names.output === reserved) names.output = replacement;
  }
  return names;
}

/** Gives the last value of the chain, which starts at `from`, the name `to`. */
function endWith(writer: NodeWriter, from: string, to: string): void {
  if (writer.nodes.length === 0) writer.add("Identity", [from]);
  const last = writer.nodes.at(-1);
  if (last !== undefined) last.output = [to];
}
