import { join } from "node:path";
import type { Jobs } from "@upreel/core";
import {
  createCatalogue,
  readPublicModels,
  type Catalogue,
  type PublicModel,
} from "@upreel/upscaler";
import { importInProcess, joinInProcess } from "@upreel/workers";
import {
  MEASUREMENTS_FILE,
  measurementsFile,
  measurementsOf,
} from "./measure/measurements-file.ts";
import type { EngineSettings } from "./settings.ts";
import { createModels } from "./models/models.ts";
import type { Models } from "./models/models-api.ts";

/** The models without a gateway, for commands; a running gateway sees what they change. */
export async function openModels(
  config: Pick<EngineSettings, "modelsDir" | "modelsQuotaBytes">,
  { signal, jobs }: { readonly signal: AbortSignal; readonly jobs: Jobs },
  publicModels?: readonly PublicModel[],
): Promise<{ catalogue: Catalogue; models: Models }> {
  const folder = config.modelsDir;
  const catalogue = createCatalogue({ folder, prepare: importInProcess, signal });
  const measured = measurementsOf(
    (await measurementsFile(join(folder, MEASUREMENTS_FILE)).readOrForget()) ?? [],
  );
  const models = createModels({
    ...{ catalogue, folder, signal, jobs, quotaBytes: config.modelsQuotaBytes },
    measurements: () => measured,
    join: joinInProcess,
    publicModels: publicModels ?? (await readPublicModels()),
  });
  return { catalogue, models };
}
