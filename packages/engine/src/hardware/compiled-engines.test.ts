import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { compiledEngines } from "./compiled-engines.ts";

const GPU = { device: "/dev/nvidia0", vendor: "NVIDIA", isOpen: true };
const facts = (nvidiaDriver: string) => ({ gpus: [GPU], nvidiaDriver, runtimeFiles: ["trt.so"] });

it("each GPU and driver has engines of its own, and those that nobody has used for long go", async () => {
  await using folder = await makeTempFolder();
  const pathOf = async (driver: string): Promise<string> =>
    (await compiledEngines(folder.path, facts(driver)))["ORT_TENSORRT_CACHE_PATH"] ?? "";
  const kept = async (): Promise<string[]> =>
    (await readdir(folder.path)).map((name) => join(folder.path, name)).sort();
  const lastUsed = (path: string, daysAgo: number): Promise<void> => {
    const at = new Date(Date.now() - daysAgo * 24 * 3600_000);
    return utimes(path, at, at);
  };
  const first = await pathOf("550");
  await writeFile(join(first, "net.engine"), "");
  // Another machine with the same folder.
  const second = await pathOf("560");
  expect(await kept()).toEqual([first, second].sort());
  await lastUsed(first, 90);
  expect(await pathOf("550")).toBe(first);
  expect(await readdir(first)).toEqual(["net.engine"]);
  await lastUsed(first, 50);
  await pathOf("560");
  expect(await kept()).toEqual([first, second].sort());
  await lastUsed(first, 90);
  await pathOf("560");
  expect(await kept()).toEqual([second]);
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
