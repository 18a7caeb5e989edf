import { createHash } from "node:crypto";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { rungMeasurementSchema, type RungMeasurement } from "@upreel/core";
import { z } from "zod";
import type { MeasureTask } from "../worker-measure.ts";
import { makeFolder } from "@upreel/watcher";

/** Where measurements are kept, in the folder of models: `upreel upscale` has a data folder of its own. */
export const MEASUREMENTS_FILE = ".measured.json";

const keptSchema = rungMeasurementSchema.extend({
  /** Of the machine, the provider and the model's file: another one means it is measured again. */
  key: z.string(),
});
export type KeptMeasurement = z.infer<typeof keptSchema>;

/** What was measured before; empty when there is none or it is not understood. */
export async function readMeasurements(file: string): Promise<readonly KeptMeasurement[]> {
  try {
    return z.array(keptSchema).parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return [];
  }
}

export async function writeMeasurements(
  file: string,
  kept: readonly KeptMeasurement[],
): Promise<void> {
  await makeFolder(dirname(file));
  await writeFile(`${file}.part`, JSON.stringify(kept, undefined, 2));
  await rename(`${file}.part`, file);
}

/** Changes whenever what would be measured may be another: model file, processor, runtime, GPU. */
export async function measurementKey({ rung, twin }: MeasureTask, gpus: string): Promise<string> {
  const { model, provider, tilePixels } = rung;
  const files = await Promise.all(
    [model.file, ...(twin === undefined ? [] : [twin.file])].map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return [size, Math.trunc(mtimeMs)];
    }),
  );
  const machine = [cpus()[0]?.model, process.versions.node, provider === "cpu" ? "" : gpus];
  return createHash("sha256")
    .update(JSON.stringify([machine, model.id, provider, tilePixels, files]))
    .digest("hex");
}

/** Without the keys. */
export const measurementsOf = (kept: readonly KeptMeasurement[]): readonly RungMeasurement[] =>
  kept.map(({ model, provider, measurement }) => ({ model, provider, measurement }));
