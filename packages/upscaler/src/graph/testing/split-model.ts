import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, StringStringEntryProtoSchema } from "../onnx/onnx-pb.ts";
import { enlarger, tinyProto } from "./tiny-models.ts";

/**
 * Writes a network whose weights lie in a second file, `net.onnx.data`, after eight other bytes; it says that
 * they lie in `location` and have `saidLength` bytes. The path of the network.
 */
export async function writeSplitModel(
  folder: string,
  location = "net.onnx.data",
  saidLength?: string,
): Promise<string> {
  const proto = tinyProto(enlarger(3));
  const [tensor] = proto.graph?.initializer ?? [];
  if (tensor === undefined) throw new Error("no weights");
  const weights = new Uint8Array(Float32Array.from(tensor.floatData).buffer);
  const entries = { location, offset: "8", length: saidLength ?? String(weights.length) };
  tensor.floatData = [];
  tensor.dataLocation = 1;
  tensor.externalData = Object.entries(entries).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  );
  const path = join(folder, "net.onnx");
  await writeFile(path, toBinary(ModelProtoSchema, proto));
  await writeFile(join(folder, "net.onnx.data"), Buffer.concat([Buffer.alloc(8), weights]));
  return path;
}
