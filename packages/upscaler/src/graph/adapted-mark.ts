import { create } from "@bufbuild/protobuf";
import { StringStringEntryProtoSchema, type ModelProto } from "./onnx/onnx-pb.ts";

/** Metadata that tells an adapted RGB model (planes in G, B, R order) from a user's uint8 RGB model. */
const KEY = "upreel.planes";

export const hasAdaptedMark = (model: ModelProto): boolean =>
  model.metadataProps.some(({ key }) => key === KEY);

export function setAdaptedMark(model: ModelProto, kind: "luma" | "planes"): void {
  const value = kind === "luma" ? "y" : "gbr";
  model.metadataProps.push(create(StringStringEntryProtoSchema, { key: KEY, value }));
}
