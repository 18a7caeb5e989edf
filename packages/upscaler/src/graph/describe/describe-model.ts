import { hasAdaptedMark } from "../adapted-mark.ts";
import { checkOperators, opsetOf } from "../check-operators.ts";
import { checkWeights } from "./check-weights.ts";
import { findImages, type Images } from "./find-images.ts";
import type { FixedSize, ModelDescription } from "../model-description.ts";
import type { ModelProto } from "../onnx/onnx-pb.ts";
import { readOnnx } from "../onnx/onnx-file.ts";
import { lastOperator } from "./last-operator.ts";
import { refuseModel } from "../refuse-model.ts";

/**
 * Reads what an ONNX file says about itself, without running it. Throws `model_unusable`, with what
 * was expected and found, for what is not a whole ONNX file or not an image-to-image network.
 */
export function describeModel(bytes: Uint8Array): ModelDescription {
  const { proto, graph } = readOnnx(bytes);
  const ops = checkOperators(proto);
  const opset = opsetOf(proto);
  const weights = checkWeights(proto);
  const images = findImages(graph);
  return {
    kind: images.channels === 1 ? "luma" : "planes",
    ...images,
    endsInTanh: lastOperator(graph, images.output.name) === "Tanh",
    fixed: fixedSize(images),
    isAdapted: isAdapted(proto, images),
    opset,
    irVersion: Number(proto.irVersion),
    producer: `${proto.producerName} ${proto.producerVersion}`.trim(),
    ops,
    parameters: weights.parameters,
    weightType: weights.type,
  };
}

function fixedSize({ input, output }: Images): FixedSize | undefined {
  const { height, width } = input;
  if (height === undefined && width === undefined) return undefined;
  if (height === undefined || width === undefined) {
    return refuseModel("The model fixes one side of its pictures and leaves the other open", {
      expected: "both open or both fixed",
      got: `height ${height ?? "open"}, width ${width ?? "open"}`,
    });
  }
  return { height, width, outHeight: output.height, outWidth: output.width };
}

function isAdapted(proto: ModelProto, { input, output, channels }: Images): boolean {
  const hasContract = [[input, "x"] as const, [output, "y"] as const].every(
    ([image, name]) => image.name === name && image.type === "uint8" && image.layout === "NCHW",
  );
  return hasContract && (channels === 1 || hasAdaptedMark(proto));
}
