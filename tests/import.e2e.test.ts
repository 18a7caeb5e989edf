import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { modelEntrySchema } from "@upreel/core";
import { makeClip, makeTempFolder, runFfmpeg, type TempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tinyModel } from "../packages/upscaler/src/graph/testing/tiny-models.ts";
import { enlargeNearest } from "../packages/upscaler/src/import/testing/nearest-model.ts";
import { startGateway, type GatewayOptions } from "./support/start-gateway.ts";

let folder: TempFolder;
let film: string;

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
});
afterAll(() => folder[Symbol.asyncDispose]());

const options = (model: string): GatewayOptions => ({
  dataDir: join(folder.path, `data of ${model}`),
  roots: folder.path,
  env: { MODEL: model, SCALE: "2" },
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
  ["an RGB network ×2", "rgb2", 3, 2],
  ["an RGB network ×3", "rgb3", 3, 3],
  ["a luma network ×3", "luma3", 1, 3],
] as const)(
  "%s that is dropped into MODELS_DIR upscales a film in its right colours",
  async (_, id, channels, scale) => {
    const { dataDir } = options(id);
    await mkdir(join(dataDir, "models"), { recursive: true });
    await writeFile(
      join(dataDir, "models", `${id}.onnx`),
      tinyModel(enlargeNearest(channels, scale)),
    );
    await using gateway = await startGateway(options(id));
    const { id: stream } = await gateway.trigger(film);
    const done = await gateway.waitFor(stream, ({ state }) => state === "complete");
    expect(done).toMatchObject({ model: id, width: 192, height: 128, frames_done: 96 });
    await expectColours(done.file ?? "");
  },
);

it("a model that is uploaded while the gateway runs is used at the next start, and can be deleted", async () => {
  const settings = options("auto");
  const models = join(settings.dataDir, "models");
  {
    await using gateway = await startGateway(settings);
    const form = new FormData();
    form.append("file", new Blob([Buffer.from(tinyModel(enlargeNearest(3, 2)))]), "Mine v2.onnx");
    form.append("file", new Blob(["another"]), "another.onnx");
    const answer = await fetch(`${gateway.url}/models/import`, { method: "POST", body: form });
    expect([answer.status, modelEntrySchema.parse(await answer.json())]).toMatchObject([
      201,
      { id: "Mine-v2", state: "ready", origin: "imported", kind: "rgb", scale: 2 },
    ]);
  }
  expect(await readdir(models)).toContain("Mine-v2.onnx");
  await using gateway = await startGateway({ ...settings, env: { MODEL: "Mine-v2" } });
  const { id: stream } = await gateway.trigger(film);
  const done = await gateway.waitFor(stream, ({ state }) => state === "complete");
  expect(done.model).toBe("Mine-v2");
  const answer = await fetch(`${gateway.url}/models/Mine-v2`, { method: "DELETE" });
  expect(answer.status).toBe(200);
  expect((await readdir(models)).filter((name) => name.endsWith(".onnx"))).toEqual([]);
});

it("a model that cannot be used stops the start with the reason", async () => {
  const settings = options("broken");
  const models = join(settings.dataDir, "models");
  await mkdir(models, { recursive: true });
  await writeFile(join(models, "part"), tinyModel(enlargeNearest(3, 2)).subarray(0, 40));
  await rename(join(models, "part"), join(models, "broken.onnx"));
  await expect(startGateway(settings)).rejects.toThrow(
    /^the gateway left with 1:[^]*broken cannot be used: .*not an ONNX model/,
  );
});
