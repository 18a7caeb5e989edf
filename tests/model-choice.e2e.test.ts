import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { restoresFaces, streamRecordSchema } from "@upreel/core";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { tinyDetector, tinyRestorer } from "../packages/upscaler/src/faces/testing/tiny-faces.ts";
import { openPage } from "./support/chromium.ts";
import { startGateway } from "./support/start-gateway.ts";
import { throttleWorkers } from "./support/throttle.ts";

it("the model that a viewer chooses in the menu makes the film from the next segment on", async () => {
  await using folder = await makeTempFolder();
  const dataDir = join(folder.path, "data");
  const clip = { width: 160, height: 90, rate: 24, seconds: 90 } as const;
  const film = await makeClip(join(folder.path, "film.mp4"), clip);
  const modelsDir = join(folder.path, "models");
  await mkdir(join(modelsDir, "faces"), { recursive: true });
  await writeFile(join(modelsDir, "faces", "yunet.onnx"), tinyDetector());
  await writeFile(join(modelsDir, "faces", "gan.onnx"), tinyRestorer("same"));
  const env = { MODEL: "best", SCALE: "2", MODELS_DIR: modelsDir };
  await using gateway = await startGateway({ dataDir, roots: folder.path, env });
  const { id } = await gateway.trigger(film);
  const began = await gateway.waitFor(id, ({ segments_ready: ready }) => ready >= 1);
  {
    await using _throttle = throttleWorkers(gateway.pid, 0.02);
    await using opened = await openPage(`${gateway.url}/watch/${id}`);
    const { page, problems } = opened;
    await page.locator(".stage").hover();
    await page.getByRole("button", { name: "Picture, audio and subtitles" }).click();
    const models = page.getByRole("group", { name: "Upscaled by" });
    await models.getByRole("radio", { name: "Best", checked: true }).waitFor();
    await models.getByRole("radio", { name: "Fast", exact: true }).check();
    await gateway.waitFor(id, ({ wanted_model: wanted }) => wanted === "fast");
    await page.getByRole("radio", { name: "Faithful" }).check();
    await gateway.waitFor(id, ({ wanted_sharpness: sharpness }) => sharpness === 0);
    await gateway.waitFor(id, ({ model }) => model?.includes("live16x") === true);
    const faces = page.getByRole("group", { name: "Faces" });
    await faces.getByRole("radio", { name: "Off", checked: true }).waitFor();
    await faces.getByRole("radio", { name: "Clearly" }).check();
    await gateway.waitFor(id, ({ faces_strength: strength }) => strength === 0.7);
    expect(problems).toEqual([]);
  }
  await gateway.waitFor(id, ({ state }) => state === "complete");
  const text = await readFile(join(dataDir, "streams", id, "stream.json"), "utf8");
  const { made, profile } = streamRecordSchema.parse(JSON.parse(text));
  // By those of the style that was set, then by faithful ones; a slow machine goes on with the fastest.
  const families = made.map(({ model }) => /(sharp|live)16x/.exec(model)?.[1] ?? model);
  expect([families[0], families.at(-1)]).toEqual(["sharp", "live"]);
  expect(made.some(({ model }) => restoresFaces(model))).toBe(true);
  expect([began.wanted_model, profile.model]).toEqual(["best", "best"]);
});
