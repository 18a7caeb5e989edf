import { execFileSync } from "node:child_process";
import { rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { testPicture } from "../graph/prove/test-picture.ts";
import { writeSplitModel } from "../graph/testing/split-model.ts";
import { enlarger, tinyModel } from "../graph/testing/tiny-models.ts";
import { runPlanes } from "../graph/testing/run-model.ts";
import { prepareModel } from "./prepare-model.ts";
import { readModel } from "./read-model.ts";

let folder: TempFolder;
beforeEach(async () => {
  folder = await makeTempFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

it("takes in weights that lie in a second file beside the model", async () => {
  const signal = AbortSignal.timeout(240_000);
  const split = await prepareModel(await readModel(await writeSplitModel(folder.path)), { signal });
  const whole = await prepareModel(tinyModel(enlarger(3)), { signal });
  const picture = testPicture(3, 20, 30);
  expect(await runPlanes(split.bytes, picture)).toEqual(await runPlanes(whole.bytes, picture));
});

it.each([
  ["is missing", "other.data", /in a second file/],
  ["is elsewhere", "../net.onnx.data", /in a second file/],
  ["is any file of the system", "/etc/hostname", /in a second file/],
])("refuses a model whose second file %s", async (_, location, message) => {
  await expect(readModel(await writeSplitModel(folder.path, location))).rejects.toThrow(message);
});

it("refuses a second file that was cut", async () => {
  const path = await writeSplitModel(folder.path);
  await writeFile(join(folder.path, "net.onnx.data"), "short");
  await expect(readModel(path)).rejects.toMatchObject({ got: "5 bytes" });
});

it("refuses a second file that is a link, or a pipe that nobody writes", async () => {
  const path = await writeSplitModel(folder.path);
  const data = join(folder.path, "net.onnx.data");
  await rename(data, join(folder.path, "secret"));
  await symlink("secret", data);
  await expect(readModel(path)).rejects.toThrow(/in a second file/);
  await rm(data);
  execFileSync("mkfifo", [data]);
  await expect(readModel(path)).rejects.toThrow(/in a second file/);
});

it.each(["1.5", "-4", "1e3", "0x10", "", "NaN", "99999999999999999999"])(
  "refuses weights of the length %j",
  async (length) => {
    const path = await writeSplitModel(folder.path, "net.onnx.data", length);
    await expect(readModel(path)).rejects.toMatchObject({ code: "model_unusable" });
  },
);
