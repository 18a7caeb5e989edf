import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createCatalogue } from "@upreel/upscaler";
import { importInProcess } from "@upreel/workers";
import { openFaceModels } from "../faces/face-models.ts";
import { chooseRung } from "../measure/choose-rung.ts";
import {
  MEASUREMENTS_FILE,
  measurementsFile,
  measurementsOf,
} from "../measure/measurements-file.ts";
import { rungOn } from "../measure/rung-on.ts";
import type { EngineSettings } from "../settings.ts";
import { nameRung } from "./name-rung.ts";
import { createPictures, type Pictures } from "./pictures.ts";

/** Pictures without a gateway, for commands. */
export async function openPictures(
  settings: Pick<
    EngineSettings,
    "modelsDir" | "providers" | "choosesProviderBySpeed" | "sharpness" | "tileBytes"
  >,
  signal: AbortSignal,
): Promise<Pictures> {
  const { modelsDir: folder, providers, choosesProviderBySpeed, sharpness, tileBytes } = settings;
  const catalogue = createCatalogue({ folder, prepare: importInProcess, signal });
  const kept = await measurementsFile(join(folder, MEASUREMENTS_FILE)).readOrForget();
  const how = {
    ...{ providers, isByMeasuring: choosesProviderBySpeed },
    measurements: measurementsOf(kept ?? []),
  };
  return createPictures({
    rungNamed: (name) =>
      nameRung(name, {
        ...{ catalogue, sharpness },
        async rungOf(variants) {
          const choice = chooseRung(variants, how);
          return choice && rungOn(choice.model, choice.provider, tileBytes);
        },
      }),
    threads: availableParallelism(),
    nowMs: () => Date.now(),
    faces: openFaceModels({
      ...{ settings, signal },
      log: { info: () => undefined, warn: () => undefined },
    }),
  });
}
