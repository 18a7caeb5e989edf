import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "@upreel/files";
import type { GpuFacts } from "./gpu-facts.ts";

/**
 * What processes that infer are to find in their environment: where TensorRT keeps the engines that it compiles for
 * each network and size, for minutes at the first start, and that it may use half floats, which every network has to
 * pass its proof with. ONNX Runtime's binding hands over no options of TensorRT's; without them it reads these. Empty
 * without an NVIDIA GPU. Engines are of one GPU, driver and runtime: those of others are deleted.
 */
export async function compiledEngines(
  folder: string,
  { gpus, nvidiaDriver, runtimeFiles }: Pick<GpuFacts, "gpus" | "nvidiaDriver" | "runtimeFiles">,
): Promise<Readonly<Record<string, string>>> {
  const own = gpus.filter(({ vendor }) => vendor === "NVIDIA").map(({ device }) => device);
  if (own.length === 0 && nvidiaDriver === undefined) return {};
  const key = createHash("sha256")
    .update(JSON.stringify([own, nvidiaDriver, runtimeFiles]))
    .digest("hex")
    .slice(0, 16);
  const path = join(folder, key);
  await makeFolder(path);
  const others = (await readdir(folder)).filter((name) => name !== key);
  await Promise.all(others.map((name) => rm(join(folder, name), { recursive: true, force: true })));
  return {
    ORT_TENSORRT_FP16_ENABLE: "1",
    ORT_TENSORRT_ENGINE_CACHE_ENABLE: "1",
    ORT_TENSORRT_TIMING_CACHE_ENABLE: "1",
    ORT_TENSORRT_CACHE_PATH: path,
  };
}
