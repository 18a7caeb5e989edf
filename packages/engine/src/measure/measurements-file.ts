import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { cpus } from "node:os";
import { rungMeasurementSchema, type RungMeasurement } from "@upreel/core";
import { JsonFile } from "@upreel/files";
import { z } from "zod";
import type { MeasureTask } from "@upreel/workers";

/** Where measurements are kept, in the folder of models: `upreel upscale` has a data folder of its own. */
export const MEASUREMENTS_FILE = ".measured.json";

const keptSchema = rungMeasurementSchema.extend({
  /** Of the machine, the provider and the model's file: another one means it is measured again. */
  key: z.string(),
});
export type KeptMeasurement = z.infer<typeof keptSchema>;

/** What was measured before, as `file` keeps it; nothing where it is not understood. */
export const measurementsFile = (file: string): JsonFile<KeptMeasurement[]> =>
  new JsonFile(file, z.array(keptSchema), { isDurable: false, indent: 2, makesFolder: true });

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
