import { availableParallelism } from "node:os";
import type { Jobs, Log } from "@upreel/core";
import { createCatalogue, readPublicModels, threadsFor } from "@upreel/upscaler";
import { importInProcess, joinInProcess, type WorkerPool } from "@upreel/workers";
import type { FaceModels } from "./faces/face-models.ts";
import { openNetworks, type Networks, type NetworksParts } from "./ladder/networks.ts";
import { createModels } from "./models/models.ts";
import type { Models } from "./models/models-api.ts";
import { nameRung } from "./pictures/name-rung.ts";
import { createPictures, type Pictures } from "./pictures/pictures.ts";
import type { EngineSettings } from "./settings.ts";

type NetworkParts = Awaited<ReturnType<typeof openNetworkParts>>;

/** The catalogue of models, and its networks as this machine runs them. */
export async function openNetworkParts(
  settings: EngineSettings,
  log: Log,
  {
    trials,
    untilIdle: untilNoFilm,
    untilBusy,
    look,
    signal,
  }: {
    /** Settles when encoders and filters were tried out. */
    readonly trials: Promise<unknown>;
    readonly untilIdle: () => Promise<void>;
    readonly untilBusy: NetworksParts["untilBusy"];
    readonly look: NetworksParts["look"];
    readonly signal: AbortSignal;
  },
) {
  const publicModels = await readPublicModels();
  const catalogue = createCatalogue({
    ...{ folder: settings.modelsDir, prepare: importInProcess, signal },
    onSettled: (model) => {
      if (signal.aborted) return;
      if (model.state === "ready") networks.measureNew();
      else log.warn(`The model ${model.id} cannot be used: ${model.reason.message}`);
    },
  });
  const threads = settings.threads === 0 ? threadsFor(availableParallelism()) : settings.threads;
  const networks: Networks = openNetworks({
    ...{ settings, catalogue, publicModels, threads, log, signal, untilBusy, look },
    untilQuiet: async () => {
      await untilNoFilm();
      // They would take the time from it.
      await trials;
    },
  });
  networks.measureNew();
  return { publicModels, catalogue, threads, networks };
}

export const openPicturesOf = (
  { sharpness }: EngineSettings,
  { catalogue, networks }: NetworkParts,
  faces: FaceModels,
): Pictures =>
  createPictures({
    rungNamed: (name) =>
      nameRung(name, { catalogue, sharpness, rungOf: (each) => networks.warmRungOf(each) }),
    threads: availableParallelism(),
    ...{ nowMs: () => Date.now(), faces },
  });

export const openModelsOf = (
  settings: EngineSettings,
  { catalogue, networks, publicModels }: NetworkParts,
  workers: WorkerPool,
  { signal, jobs }: { readonly signal: AbortSignal; readonly jobs: Jobs },
): Models =>
  createModels({
    isShown: (id) => networks.isShown(id),
    ...{ catalogue, folder: settings.modelsDir, quotaBytes: settings.modelsQuotaBytes },
    measurements: () => networks.measurements.known(),
    ...{ publicModels, join: joinInProcess, signal, jobs },
    warmWorker: {
      loaded: () => workers.warmRung?.model.id,
      keepWarm: async (model) => workers.keepWarm(model && (await networks.warmRungOf([model]))),
    },
  });
