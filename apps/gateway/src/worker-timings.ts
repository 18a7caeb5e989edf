import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { z } from "zod";
import type { Rung } from "@upreel/core";
import type { Log } from "@upreel/streams";

/** Longest time that all models together may take; a small box with many models is left unmeasured. */
const LONGEST_MS = 60_000;

const speedsSchema = z.record(z.string(), z.number().nullable());
const fileSchema = z.object({ key: z.string(), speeds: speedsSchema });

/** Megapixels of input a second of one thread, by model id; null where the model failed. */
export type ModelSpeeds = z.infer<typeof speedsSchema>;

/**
 * Times every network on this machine, once: the figures are kept in `file` until the models or the
 * processor change. In a process of its own. Gives none, and says so, when that fails.
 */
export async function measureModels(
  rungs: readonly Rung[],
  file: string,
  log: Log,
): Promise<ModelSpeeds> {
  const key = await measurementKey(rungs);
  const kept = await readFile(file, "utf8").then(
    (text) => fileSchema.safeParse(JSON.parse(text)),
    () => undefined,
  );
  if (kept?.data?.key === key) return kept.data.speeds;
  const script = fileURLToPath(new URL("../../worker/src/time-models.ts", import.meta.url));
  try {
    const { stdout } = await execa(process.execPath, [script, JSON.stringify(rungs)], {
      timeout: LONGEST_MS,
      stdin: "ignore",
    });
    const speeds = speedsSchema.parse(JSON.parse(stdout));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.part`, JSON.stringify({ key, speeds }, undefined, 2));
    await rename(`${file}.part`, file);
    return speeds;
  } catch (error) {
    log.warn("The models could not be timed; streams find out as they run", { error });
    return {};
  }
}

async function measurementKey(rungs: readonly Rung[]): Promise<string> {
  const files = await Promise.all(
    rungs.map(async ({ model, provider }) => {
      const { size, mtimeMs } = await stat(model.file);
      return [model.id, provider, size, Math.trunc(mtimeMs)];
    }),
  );
  const machine = [cpus()[0]?.model, process.versions.node];
  return createHash("sha256")
    .update(JSON.stringify([machine, files]))
    .digest("hex");
}
