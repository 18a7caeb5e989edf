import {
  GRADES,
  PLAIN_SCALER,
  isGrade,
  toUpreelError,
  UpreelError,
  type Jobs,
  type ModelDownload,
  type ModelEntry,
  type RungMeasurement,
} from "@upreel/core";
import type { CatalogueModel, PublicModel } from "@upreel/upscaler";
import { describeAvailable, describeModel } from "./describe-model.ts";
import { createDownloads } from "./downloads.ts";
import { incomingFolder, incomingModels, type IncomingParts } from "./incoming-models.ts";
import { loading, type WarmWorker } from "./loaded-models.ts";
import { modelBytes, reserveSpace } from "./model-space.ts";
import type { Models } from "./models-api.ts";
import { variantsOf } from "./variants.ts";

export interface ModelsParts extends IncomingParts {
  /** Whether a model is worth a row in the list; what is not shown can still be asked for by its id. */
  readonly isShown?: (id: string) => boolean;
  readonly measurements: () => readonly RungMeasurement[];
  readonly publicModels: readonly PublicModel[];
  readonly warmWorker?: WarmWorker | undefined;
  /** Downloads are jobs. */
  readonly jobs: Jobs;
  /** Between attempts of a download; for tests. */
  readonly pauseMs?: number | undefined;
}

export function createModels(parts: ModelsParts): Models {
  const { catalogue, folder, quotaBytes, publicModels, warmWorker } = parts;
  const incoming = incomingModels(parts, (model) => describe(model));
  const downloads = createDownloads({
    ...{ jobs: parts.jobs, publicModels, signal: parts.signal, pauseMs: parts.pauseMs },
    ...{ folder: incomingFolder(folder), take: incoming.take },
    reserve: (bytes) => reserveSpace(folder, bytes, quotaBytes),
  });
  const publicModel = (id: string): PublicModel | undefined =>
    publicModels.find((model) => model.id === id);

  const describe = (model: CatalogueModel): ModelEntry =>
    describeModel(model, {
      measurements: parts.measurements(),
      known: publicModel(model.id),
      download: downloads.state(model.id),
      isLoaded: warmWorker?.loaded() === model.id,
    });

  const all = async (): Promise<ModelEntry[]> => (await catalogue.models()).map(describe);

  async function list(): Promise<ModelEntry[]> {
    const here = (await all()).filter(({ id }) => parts.isShown?.(id) !== false);
    const ids = new Set(here.map(({ id }) => id));
    const elsewhere = publicModels.filter(({ id }) => !ids.has(id));
    return [...here, ...elsewhere.map((each) => describeAvailable(each, downloads.state(each.id)))];
  }

  async function get(id: string): Promise<ModelEntry> {
    const models = await list();
    const found = [...models, ...(await all())].find((model) => model.id === id);
    if (found !== undefined) return found;
    throw new UpreelError("model_not_found", `There is no model ${id}`, {
      expected: models.map((model) => model.id).join(", "),
      got: id,
    });
  }

  async function requireName(name: string): Promise<void> {
    if (name === "auto" || isGrade(name)) return;
    if (variantsOf(name, await catalogue.list()).length > 0) return;
    try {
      // One that has just come is checked first; one that was refused says why.
      await catalogue.find(name);
      return;
    } catch (thrown) {
      if (toUpreelError(thrown).code !== "model_unknown") throw thrown;
    }
    const own = (await list()).filter(
      ({ state, origin }) => state === "ready" && origin !== "built-in",
    );
    throw new UpreelError("model_unknown", `There is no model ${name.slice(0, 100)}`, {
      expected: [
        ...["auto", ...GRADES.toReversed(), PLAIN_SCALER.id],
        ...own.map(({ id }) => id),
        "or a built-in network (`upreel models`)",
      ].join(", "),
      got: name.slice(0, 100),
    });
  }

  return {
    list,
    get,
    requireName,
    ...incoming,
    space: async () => ({ usedBytes: await modelBytes(folder), quotaBytes }),
    async remove(id) {
      if (warmWorker?.loaded() === id) await warmWorker.keepWarm(undefined);
      await catalogue.remove(id);
    },
    async download(id) {
      const entry = await get(id);
      const known = publicModel(id);
      if (entry.state !== "available" || known === undefined) return entry;
      const download: ModelDownload = downloads.start(known);
      return { ...entry, download, reason: download.reason };
    },
    downloads,
    ...loading(parts, get),
  };
}
