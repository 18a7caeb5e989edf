import { planesValue } from "../graph/image-values.ts";
import { createNodeWriter, floatTensor, type NodeWriter } from "../graph/onnx/node-writer.ts";
import { ELEMENT_TYPES } from "../graph/onnx/element-type.ts";
import { readOnnx, writeOnnx } from "../graph/onnx/onnx-file.ts";
import { raiseOpset } from "../graph/opset/raise-opset.ts";
import { createFreshName, renameValue } from "../graph/onnx/value-names.ts";

/** Resize has its cubic interpolation from this operator set on. */
const RESIZE_OPSET = 11;
/** Catmull-Rom: the sharpest cubic without a visible halo around colours. */
const CUBIC_A = -0.5;

/**
 * Turns an adapted luma network into one of [1,3,H,W] to [1,3,sH,sW]: Y goes through the network, U and
 * V are enlarged beside it. For scales other than 2, whose chroma ffmpeg cannot bring along as it is.
 */
export function addChroma(adapted: Uint8Array, scale: number): Uint8Array {
  const { proto, graph } = readOnnx(adapted);
  const freshName = createFreshName(graph);
  raiseOpset(proto, graph, RESIZE_OPSET, freshName);
  const luma = { input: freshName("luma"), output: freshName("enlarged_luma") };
  renameValue(graph, "x", luma.input);
  renameValue(graph, "y", luma.output);

  const before = createNodeWriter(freshName);
  slicePlanes(before, 0, 1);
  giveName(before, luma.input);
  const after = createNodeWriter(freshName);
  const chroma = enlarge(after, slicePlanes(after, 1, 3), scale, freshName("scales"));
  after.add("Concat", [luma.output, chroma], { axis: { int: 1 } });
  giveName(after, "y");

  graph.initializer.push(...before.constants, ...after.constants);
  graph.node = [...before.nodes, ...graph.node, ...after.nodes];
  graph.input = [planesValue("x", 3, "height", "width")];
  graph.output = [planesValue("y", 3, "out_height", "out_width")];
  return writeOnnx(proto);
}

const slicePlanes = (writer: NodeWriter, from: number, to: number): string =>
  writer.add("Slice", ["x", writer.list([from]), writer.list([to]), writer.list([1])]);

function enlarge(writer: NodeWriter, planes: string, scale: number, scalesName: string): string {
  if (scale === 1) return planes;
  const floats = writer.add("Cast", [planes], { to: { int: ELEMENT_TYPES.float32 } });
  writer.constants.push(floatTensor(scalesName, [4], [1, 1, scale, scale]));
  const noRegion = `${scalesName}_region`;
  writer.constants.push(floatTensor(noRegion, [0], []));
  const large = writer.add("Resize", [floats, noRegion, scalesName], {
    mode: { text: "cubic" },
    cubic_coeff_a: { float: CUBIC_A },
  });
  const rounded = writer.add("Add", [large, writer.scalar(0.5)]);
  const clipped = writer.add("Clip", [rounded, writer.scalar(0), writer.scalar(255)]);
  return writer.add("Cast", [clipped], { to: { int: ELEMENT_TYPES.uint8 } });
}

/** Names the value that the last node gives. */
function giveName(writer: NodeWriter, name: string): void {
  const last = writer.nodes.at(-1);
  if (last !== undefined) last.output = [name];
}
