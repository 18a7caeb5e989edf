import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ModelProtoSchema, StringStringEntryProtoSchema } from "../graph/onnx-pb.ts";
import { testPicture } from "../graph/test-picture.ts";
import { enlarger, tinyModel, tinyProto } from "../graph/testing/tiny-models.ts";
import { runPlanes } from "../graph/testing/run-model.ts";
import { prepareModel } from "./prepare-model.ts";
import { readModel } from "./read-model.ts";

let folder: TempFolder;
beforeEach(async () => {
  folder = await makeTempFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

/** A network whose weights lie in a second file, after eight other bytes. */
async function writeSplit(location: string): Promise<string> {
  const proto = tinyProto(enlarger(3));
  const [tensor] = proto.graph?.initializer ?? [];
  if (tensor === undefined) throw new Error("no weights");
  const weights = new Uint8Array(Float32Array.from(tensor.floatData).buffer);
  const entries = { location, offset: "8", length: String(weights.length) };
  tensor.floatData = [];
  tensor.dataLocation = 1;
  tensor.externalData = Object.entries(entries).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  );
  const path = join(folder.path, "net.onnx");
  await writeFile(path, toBinary(ModelProtoSchema, proto));
  await writeFile(join(folder.path, "net.onnx.data"), Buffer.concat([Buffer.alloc(8), weights]));
  return path;
}

it("takes in weights that lie in a second file beside the model", async () => {
  const signal = AbortSignal.timeout(20_000);
  const split = await prepareModel(await readModel(await writeSplit("net.onnx.data")), { signal });
  const whole = await prepareModel(tinyModel(enlarger(3)), { signal });
  const picture = testPicture(3, 20, 30);
  expect(await runPlanes(split.bytes, picture)).toEqual(await runPlanes(whole.bytes, picture));
});

it.each([
  ["is missing", "other.data", /in a second file/],
  ["is elsewhere", "../net.onnx.data", /in a second file/],
  ["is any file of the system", "/etc/hostname", /in a second file/],
])("refuses a model whose second file %s", async (_, location, message) => {
  await expect(readModel(await writeSplit(location))).rejects.toThrow(message);
});

it("refuses a second file that was cut", async () => {
  const path = await writeSplit("net.onnx.data");
  await writeFile(join(folder.path, "net.onnx.data"), "short");
  await expect(readModel(path)).rejects.toMatchObject({ got: "5 bytes" });
});
