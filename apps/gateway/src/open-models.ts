import { join } from "node:path";
import { createCatalogue, type Catalogue } from "@upreel/upscaler";
import type { Config } from "./config.ts";
import { createModels, type Models } from "./models.ts";
import { importInProcess } from "./worker-import.ts";
import { readSpeeds, SPEEDS_FILE } from "./worker-timings.ts";

/** The models without a gateway, for commands; a running gateway sees what they change. */
export async function openModels(
  config: Config,
  signal: AbortSignal,
): Promise<{ catalogue: Catalogue; models: Models }> {
  const folder = config.modelsDir;
  const catalogue = createCatalogue({ folder, prepare: importInProcess, signal });
  const speeds = await readSpeeds(join(folder, SPEEDS_FILE));
  return { catalogue, models: createModels({ catalogue, folder, speeds: () => speeds }) };
}
