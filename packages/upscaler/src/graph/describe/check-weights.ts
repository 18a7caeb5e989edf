import {
  ELEMENT_TYPES,
  elementBytes,
  elementTypeOf,
  type ElementType,
} from "../onnx/element-type.ts";
import { tensorsOf } from "../onnx/graph-walk.ts";
import type { ModelProto, TensorProto } from "../onnx/onnx-pb.ts";
import { refuseModel } from "../refuse-model.ts";

export interface Weights {
  readonly parameters: number;
  /** What most of the numbers are stored as. */
  readonly type: ElementType;
}

const EXTERNAL = 1;

/**
 * Counts stored numbers. Throws `model_unusable` when weights are in another file, or a tensor has
 * fewer or more bytes than its dims say (a damaged file).
 */
export function checkWeights(model: ModelProto): Weights {
  const counts = new Map<number, number>();
  for (const tensor of tensorsOf(model)) {
    checkTensor(tensor);
    counts.set(tensor.dataType, (counts.get(tensor.dataType) ?? 0) + elementCount(tensor));
  }
  let [dominant, most, parameters] = [ELEMENT_TYPES.float32 as number, 0, 0];
  for (const [code, count] of counts) {
    parameters += count;
    if (count > most) [dominant, most] = [code, count];
  }
  return { parameters, type: elementTypeOf(dominant) ?? "float32" };
}

const elementCount = (tensor: TensorProto): number =>
  tensor.dims.reduce((product, dim) => product * Number(dim), 1);

function checkTensor(tensor: TensorProto): void {
  if (tensor.dataLocation === EXTERNAL || tensor.externalData.length > 0) {
    const file = tensor.externalData.find(({ key }) => key === "location")?.value ?? "another file";
    refuseModel("The weights of the model are in a file of their own", {
      expected:
        "one ONNX file with its weights inside (onnx.save with save_as_external_data=False)",
      got: `tensor ${tensor.name} in ${file}`,
    });
  }
  const bytes = elementBytes(tensor.dataType);
  if (tensor.rawData.length === 0 || bytes === undefined) return;
  const wanted = elementCount(tensor) * bytes;
  if (tensor.rawData.length !== wanted) {
    refuseModel(`The tensor ${tensor.name} of the model is damaged`, {
      expected: `${wanted} bytes for [${tensor.dims.join(",")}]`,
      got: `${tensor.rawData.length} bytes`,
    });
  }
}
