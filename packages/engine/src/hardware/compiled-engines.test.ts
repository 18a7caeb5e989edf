import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { compiledEngines } from "./compiled-engines.ts";

const GPU = { device: "/dev/nvidia0", vendor: "NVIDIA", isOpen: true };
const facts = (nvidiaDriver: string) => ({ gpus: [GPU], nvidiaDriver, runtimeFiles: ["trt.so"] });

it("engines are kept for one GPU and driver, and those of another driver go", async () => {
  await using folder = await makeTempFolder();
  const pathOf = async (driver: string): Promise<string> =>
    (await compiledEngines(folder.path, facts(driver)))["ORT_TENSORRT_CACHE_PATH"] ?? "";
  const first = await pathOf("550");
  await writeFile(join(first, "net.engine"), "");
  expect(await pathOf("550")).toBe(first);
  expect(await readdir(first)).toEqual(["net.engine"]);
  const second = await pathOf("560");
  expect(second).not.toBe(first);
  expect((await readdir(folder.path)).map((name) => join(folder.path, name))).toEqual([second]);
});

it("TensorRT may use half floats and keeps what it timed", async () => {
  await using folder = await makeTempFolder();
  expect(await compiledEngines(folder.path, facts("550"))).toMatchObject({
    ORT_TENSORRT_FP16_ENABLE: "1",
    ORT_TENSORRT_ENGINE_CACHE_ENABLE: "1",
    ORT_TENSORRT_TIMING_CACHE_ENABLE: "1",
  });
});

it("without an NVIDIA GPU nothing is kept", async () => {
  await using folder = await makeTempFolder();
  const none = { gpus: [{ ...GPU, vendor: "AMD" }], nvidiaDriver: undefined, runtimeFiles: [] };
  expect(await compiledEngines(join(folder.path, "none"), none)).toEqual({});
  expect(await readdir(folder.path)).toEqual([]);
});
