import { createHash } from "node:crypto";
import { readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "@upreel/files";
import type { GpuFacts } from "./gpu-facts.ts";

/** Longer than most machines run without a restart: a folder in use is not deleted. */
const KEPT_UNUSED_MS = 60 * 24 * 3600_000;

/**
 * What processes that infer are to find in their environment: where TensorRT keeps the engines that it compiles for
 * each network and size, for minutes at the first start, and that it may use half floats, which every network has to
 * pass its proof with. ONNX Runtime's binding hands over no options of TensorRT's; without them it reads these. Empty
 * without an NVIDIA GPU. Engines are of one GPU, driver and runtime. Those of others are deleted once no process has been
 * started with them for 60 days: other machines may share the folder.
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
  const now = new Date();
  await utimes(path, now, now);
  await deleteUnused(folder, now.getTime() - KEPT_UNUSED_MS);
  return {
    ORT_TENSORRT_FP16_ENABLE: "1",
    ORT_TENSORRT_ENGINE_CACHE_ENABLE: "1",
    ORT_TENSORRT_TIMING_CACHE_ENABLE: "1",
    ORT_TENSORRT_CACHE_PATH: path,
  };
}

/** Deletes everything in `folder` that was last used before `beforeMs`. */
async function deleteUnused(folder: string, beforeMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Another machine may have deleted it just now.
    const usedAtMs = (await stat(path).catch(() => undefined))?.mtimeMs ?? Infinity;
    if (usedAtMs < beforeMs) await rm(path, { recursive: true, force: true });
  }
}
