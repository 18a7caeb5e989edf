import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { z } from "zod";
import type { Rung } from "@upreel/core";
import type { Log } from "@upreel/streams";

/** Where the figures are kept, in the folder of models: `upreel upscale` has a data folder of its own. */
export const SPEEDS_FILE = ".speeds.json";

/** Longest time for one model: it stops by itself after one slow frame. */
const LONGEST_MS = 30_000;

const speedsSchema = z.record(z.string(), z.number().nullable());
const fileSchema = z.record(
  z.string(),
  z.object({ key: z.string(), megapixelsPerSecond: z.number().nullable() }),
);
type KeptSpeeds = z.infer<typeof fileSchema>;

/** Megapixels of input a second of one thread, by model id; null where the model failed. */
export type ModelSpeeds = z.infer<typeof speedsSchema>;

/**
 * Times every network on this machine, once: the figures are kept in `file` until the model or the
 * processor changes. In a process of its own. Gives those that are known, and says so, when that fails.
 */
export async function measureModels(
  rungs: readonly Rung[],
  file: string,
  log: Log,
  signal: AbortSignal,
): Promise<ModelSpeeds> {
  const kept = await readKept(file);
  const keys = new Map(
    await Promise.all(rungs.map(async (rung) => [rung.model.id, await speedKey(rung)] as const)),
  );
  const isKnown = (id: string): boolean => kept[id] !== undefined && kept[id].key === keys.get(id);
  const known: KeptSpeeds = Object.fromEntries(Object.entries(kept).filter(([id]) => isKnown(id)));
  const untimed = rungs.filter(({ model }) => !isKnown(model.id));
  if (untimed.length === 0) return speedsOf(known);
  const script = fileURLToPath(new URL("../../worker/src/time-models.ts", import.meta.url));
  try {
    const { stdout } = await execa(process.execPath, [script, JSON.stringify(untimed)], {
      timeout: LONGEST_MS * untimed.length,
      stdin: "ignore",
      cancelSignal: signal,
    });
    for (const [id, speed] of Object.entries(speedsSchema.parse(JSON.parse(stdout)))) {
      known[id] = { key: keys.get(id) ?? "", megapixelsPerSecond: speed };
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.part`, JSON.stringify(known, undefined, 2));
    await rename(`${file}.part`, file);
  } catch (error) {
    if (!signal.aborted)
      log.warn("The models could not be timed; streams find out as they run", { error });
  }
  return speedsOf(known);
}

/** What was measured before, of models that may have changed since. */
export const readSpeeds = async (file: string): Promise<ModelSpeeds> =>
  speedsOf(await readKept(file));

const speedsOf = (kept: KeptSpeeds): ModelSpeeds =>
  Object.fromEntries(
    Object.entries(kept).map(([id, { megapixelsPerSecond }]) => [id, megapixelsPerSecond]),
  );

async function readKept(file: string): Promise<KeptSpeeds> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return {};
  }
}

async function speedKey({ model, provider }: Rung): Promise<string> {
  const { size, mtimeMs } = await stat(model.file);
  const machine = [cpus()[0]?.model, process.versions.node];
  return createHash("sha256")
    .update(JSON.stringify([machine, model.id, provider, size, Math.trunc(mtimeMs)]))
    .digest("hex");
}
