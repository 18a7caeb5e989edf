import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UpreelError, type FaceTrial } from "@upreel/core";
import { makeTempFolder } from "@upreel/testkit";
import type { tryFacesInProcess } from "@upreel/workers";
import { expect, it } from "vitest";
import { tinyDetector, tinyRestorer } from "../../../upscaler/src/faces/testing/tiny-faces.ts";
import { openFaceLibrary } from "./face-library.ts";
import { openFaceModels } from "./face-models.ts";

const signal = AbortSignal.timeout(240_000);
const log = { info: () => undefined, warn: () => undefined };
const TRIAL: FaceTrial = { provider: "cpu", size: 512, detectSeconds: 0.01, restoreSeconds: 2 };

async function folderWith(files: Readonly<Record<string, Uint8Array>>) {
  const folder = await makeTempFolder();
  await mkdir(join(folder.path, "faces"));
  for (const [name, bytes] of Object.entries(files))
    await writeFile(join(folder.path, "faces", name), bytes);
  return folder;
}
const GOOD = { "yunet.onnx": tinyDetector(), "my-gan.onnx": tinyRestorer("same") };

it("what lies in the folder is tried out once on a machine, and known by its hash", async () => {
  await using folder = await folderWith(GOOD);
  const settings = { modelsDir: folder.path, providers: ["cpu"] as const };
  const tried: string[] = [];
  const attempt: typeof tryFacesInProcess = (work) => {
    tried.push(work.restorer.id);
    return Promise.resolve(TRIAL);
  };
  const models = openFaceModels({ settings, log, signal, attempt });
  const [one, other] = await Promise.all([models.ready(), models.ready()]);
  expect(one).toEqual(other);
  expect(one.trial).toEqual(TRIAL);
  const { file, hash } = one.work.restorer;
  expect(await models.fileOf(hash)).toBe(file);
  expect(await models.fileOf("another")).toBeUndefined();
  // After a restart.
  await openFaceModels({ settings, log, signal, attempt }).ready();
  expect(tried).toEqual(["my-gan"]);
});

it("what failed is not tried again for each film, but later", async () => {
  await using folder = await folderWith(GOOD);
  const settings = { modelsDir: folder.path, providers: ["cpu"] as const };
  let [nowMs, attempts] = [0, 0];
  const attempt: typeof tryFacesInProcess = () => {
    attempts++;
    return Promise.reject(new UpreelError("timeout", "It took too long"));
  };
  const models = openFaceModels({ settings, log, signal, attempt, nowMs: () => nowMs });
  for (const film of [1, 2, 3]) {
    await expect(models.ready(), `film ${film}`).rejects.toMatchObject({ code: "timeout" });
    expect(attempts).toBe(1);
  }
  nowMs = 600_000;
  await expect(models.ready()).rejects.toMatchObject({ code: "timeout" });
  expect(attempts).toBe(2);
});

it("tiny ones work in a process of their own, and what is no network is refused by it", async () => {
  await using folder = await folderWith(GOOD);
  const settings = { modelsDir: folder.path, providers: ["cpu"] as const };
  const models = openFaceModels({ settings, log, signal });
  expect(await models.areHere()).toBe(true);
  const { trial } = await models.ready();
  expect(trial.restoreSeconds).toBeGreaterThan(0);
  await writeFile(join(folder.path, "faces", "my-gan.onnx"), "no network at all");
  await expect(openFaceModels({ settings, log, signal }).ready()).rejects.toMatchObject({
    code: "model_unusable",
  });
});

it("without networks it says how to get them", async () => {
  await using folder = await folderWith({});
  const settings = { modelsDir: folder.path, providers: ["cpu"] as const };
  const none = openFaceModels({ settings, log, signal });
  expect(await none.areHere()).toBe(false);
  await expect(none.ready()).rejects.toMatchObject({
    code: "model_unknown",
    expected: expect.stringContaining("upreel faces download"),
  });
});

it("the library lists what is here and what can be downloaded, takes files in and deletes them", async () => {
  await using folder = await folderWith({});
  const library = await openFaceLibrary({ modelsDir: folder.path });
  expect((await library.list()).map(({ id, isHere }) => [id, isHere])).toEqual([
    ["yunet", false],
    ["gfpgan-1.4", false],
  ]);
  const file = join(folder.path, "Code Former.onnx");
  await writeFile(file, tinyRestorer("weighted"));
  expect(await library.add(file)).toBe("Code-Former");
  expect((await library.list())[0]).toMatchObject({ id: "Code-Former", kind: "restorer" });
  await library.remove("Code-Former");
  await expect(library.remove("Code-Former")).rejects.toThrow(UpreelError);
  await expect(library.add(join(folder.path, "none.onnx"))).rejects.toMatchObject({
    code: "bad_request",
  });
});
