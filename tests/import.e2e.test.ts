import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { modelEntrySchema, triggerAnswerSchema } from "@upreel/core";
import { makeClip, makeTempFolder, runFfmpeg, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tinyModel } from "../packages/upscaler/src/graph/testing/tiny-models.ts";
import { enlargeNearest } from "../packages/upscaler/src/import/testing/nearest-model.ts";
import { startGateway, type GatewayOptions, type RunningGateway } from "./support/start-gateway.ts";

/** Networks that are dropped into MODELS_DIR: channels and scale by name. */
const DROPPED = { rgb2: [3, 2], rgb3: [3, 3], luma3: [1, 3] } as const;

let folder: TempFolder;
let film: string;
let options: GatewayOptions;
let models: string;
let gateway: RunningGateway;

beforeAll(async () => {
  folder = await makeTempFolder();
  // A still of colours that every mistake in order, range or matrix would change.
  film = await makeClip(join(folder.path, "film.mp4"), {
    width: 96,
    height: 64,
    rate: 24,
    seconds: 4,
    pictures: "gradients=c0=0xd04020:c1=0x2060c0:n=2:x0=0:y0=0:x1=96:y1=64:speed=0.00001",
  });
  const dataDir = join(folder.path, "data");
  options = { dataDir, roots: folder.path, env: { MODEL: "lanczos", SCALE: "2" } };
  models = join(dataDir, "models");
  await mkdir(models, { recursive: true });
  for (const [name, [channels, scale]] of Object.entries(DROPPED))
    await writeFile(join(models, `${name}.onnx`), tinyModel(enlargeNearest(channels, scale)));
  gateway = await startGateway(options);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Mean of red, green and blue of the picture at 1 s, shrunk to one size for all. */
async function colours(file: string): Promise<number[]> {
  const raw = join(folder.path, "colours.raw");
  const one = ["-ss", "1", "-i", file, "-frames:v", "1", "-vf", "scale=2:2:flags=area"];
  await runFfmpeg([...one, "-pix_fmt", "rgb24", "-f", "rawvideo", raw]);
  return [...(await readFile(raw))];
}

async function expectColours(archive: string): Promise<void> {
  const [wanted, got] = [await colours(film), await colours(archive)];
  expect(got).toHaveLength(12);
  for (const [at, value] of got.entries()) {
    expect(Math.abs(value - (wanted[at] ?? 0)), `${String(wanted)} ${String(got)}`).toBeLessThan(4);
  }
}

it.each([
  ["an RGB network ×2", "rgb2"],
  ["an RGB network ×3", "rgb3"],
  ["a luma network ×3", "luma3"],
] as const)(
  "%s that is dropped into MODELS_DIR upscales a film in its right colours",
  async (_, model) => {
    const body = JSON.stringify({ path: film, model });
    const asked = await fetch(`${gateway.url}/upscale-trigger`, { method: "POST", body });
    const { id } = triggerAnswerSchema.parse(await asked.json());
    const done = await gateway.waitFor(id, ({ state }) => state === "complete");
    expect(done).toMatchObject({ model, width: 192, height: 128, frames_done: 96 });
    await expectColours(done.file ?? "");
  },
);

it("a model that is uploaded while the gateway runs is used at the next start, and can be deleted", async () => {
  const form = new FormData();
  form.append("file", new Blob([Buffer.from(tinyModel(enlargeNearest(3, 2)))]), "Mine v2.onnx");
  form.append("file", new Blob(["another"]), "another.onnx");
  const uploaded = await fetch(`${gateway.url}/models/import`, { method: "POST", body: form });
  expect([uploaded.status, modelEntrySchema.parse(await uploaded.json())]).toMatchObject([
    201,
    { id: "Mine-v2", state: "ready", origin: "imported", kind: "rgb", scale: 2 },
  ]);
  await gateway[Symbol.asyncDispose]();
  expect(await readdir(models)).toContain("Mine-v2.onnx");
  gateway = await startGateway({ ...options, env: { MODEL: "Mine-v2" } });
  const { id: stream } = await gateway.trigger(film);
  const done = await gateway.waitFor(stream, ({ state }) => state === "complete");
  expect(done.model).toBe("Mine-v2");
  const answer = await fetch(`${gateway.url}/models/Mine-v2`, { method: "DELETE" });
  expect(answer.status).toBe(200);
  const left = (await readdir(models)).filter((name) => name.endsWith(".onnx"));
  expect(left.sort()).toEqual(
    Object.keys(DROPPED)
      .map((name) => `${name}.onnx`)
      .sort(),
  );
});

it("a model that cannot be used stops the start with the reason", async () => {
  const broken = { ...options, dataDir: join(folder.path, "other data"), env: { MODEL: "broken" } };
  const folderOfModels = join(broken.dataDir, "models");
  await mkdir(folderOfModels, { recursive: true });
  const half = tinyModel(enlargeNearest(3, 2)).subarray(0, 40);
  await writeFile(join(folderOfModels, "broken.onnx"), half);
  await expect(startGateway(broken)).rejects.toThrow(
    /^the gateway left with 1:[^]*broken cannot be used: .*not an ONNX model/,
  );
});
