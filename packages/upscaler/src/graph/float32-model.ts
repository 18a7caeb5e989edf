import { ELEMENT_TYPES } from "./onnx/element-type.ts";
import { graphsOf, nodesOf, tensorsOf } from "./onnx/graph-walk.ts";
import type { ModelProto, TensorProto } from "./onnx/onnx-pb.ts";

const { float16, float32 } = ELEMENT_TYPES;

/**
 * Turns a half-precision network into a single-precision one with the same weights, in place. ONNX
 * Runtime has no float16 kernels for x86 and casts around every node instead.
 */
export function convertToFloat32(model: ModelProto): void {
  for (const tensor of tensorsOf(model)) widenTensor(tensor);
  for (const graph of graphsOf(model)) {
    for (const { type } of [...graph.input, ...graph.output, ...graph.valueInfo]) {
      if (type?.value.case !== "tensorType") continue;
      if (type.value.value.elemType === float16) type.value.value.elemType = float32;
    }
  }
  for (const node of nodesOf(model)) {
    for (const attribute of node.attribute) {
      // Cast has `to`; RandomNormal, EyeLike and others have `dtype`.
      const isType = attribute.name === "to" || attribute.name === "dtype";
      if (isType && attribute.i === BigInt(float16)) attribute.i = BigInt(float32);
    }
  }
}

function widenTensor(tensor: TensorProto): void {
  if (tensor.dataType !== float16) return;
  tensor.dataType = float32;
  // Half floats are in `raw_data`, or as bit patterns in `int32_data`. A copy, as views must be aligned.
  const halves =
    tensor.rawData.length > 0
      ? new Float16Array(new Uint8Array(tensor.rawData).buffer)
      : new Float16Array(Uint16Array.from(tensor.int32Data).buffer);
  const wide = Float32Array.from(halves);
  tensor.int32Data = [];
  tensor.rawData = new Uint8Array(wide.buffer);
}
