import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, type GraphProto, type ModelProto } from "./onnx-pb.ts";
import { refuseModel } from "../refuse-model.ts";

/** A model that has a graph and says which operators it means. */
export interface OnnxModel {
  readonly proto: ModelProto;
  readonly graph: GraphProto;
}

/**
 * Decodes an ONNX file. Large weights are views of `bytes`, which must not change afterwards.
 * Throws `model_unusable` for anything else, with a guess at what it is.
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  let proto: ModelProto;
  try {
    proto = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    // A RangeError is a stack exhausted by messages nested without end: no real model is.
    return refuseModel("The file is not an ONNX model, or only a part of one", {
      expected: "a whole ONNX file",
      got: guessKind(bytes),
      cause,
    });
  }
  const { graph } = proto;
  if (graph === undefined || graph.node.length === 0 || proto.irVersion === 0n) {
    return refuseModel("The file is not an ONNX model", {
      expected: "an ONNX file with a graph",
      got: guessKind(bytes),
    });
  }
  if (proto.opsetImport.length === 0) {
    return refuseModel("The ONNX file does not say which operator set it uses", {
      expected: "a whole ONNX file",
      got: `${bytes.length} bytes that end after the graph`,
    });
  }
  return { proto, graph };
}

export const writeOnnx = (model: ModelProto): Uint8Array => toBinary(ModelProtoSchema, model);

const SIGNATURES: readonly (readonly [string, string])[] = [
  ["PK\x03\x04", "a zip file (PyTorch's .pth and .pt are: export the network to ONNX first)"],
  ["\x80\x02", "a Python pickle (.pth: export the network to ONNX first)"],
  ["\x89PNG", "a PNG picture"],
  ["\xff\xd8\xff", "a JPEG picture"],
  ["\x89HDF", "an HDF5 file (Keras: convert it with tf2onnx)"],
  ["7767517", "an ncnn .param file"],
  ["version https://git-lfs", "a Git LFS pointer: the model itself was not downloaded"],
  ["<!", "a web page"],
  ["<html", "a web page"],
];

function guessKind(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  const start = Buffer.from(bytes.subarray(0, 64)).toString("latin1");
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature));
  if (known !== undefined) return known[1];
  if (start.slice(4, 8) === "ORTM")
    return "an ONNX Runtime .ort file: give the .onnx it was made of";
  return `${bytes.length} bytes that do not decode as a whole ONNX file`;
}
