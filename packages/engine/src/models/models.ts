import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import {
  GRADES,
  isGrade,
  toUpreelError,
  UpreelError,
  type Jobs,
  type ModelDownload,
  type ModelEntry,
  type ModelSpec,
  type RungMeasurement,
} from "@upreel/core";
import { modelIdOf, type Catalogue, type CatalogueModel, type PublicModel } from "@upreel/upscaler";
import { describeAvailable, describeModel } from "./describe-model.ts";
import { createDownloads, type Downloads } from "./downloads.ts";
import { modelBytes, reserveSpace } from "./model-space.ts";
import { variantsOf } from "./variants.ts";
import { makeFolder } from "@upreel/files";

/** The models of a gateway. */
export interface Models {
  list(): Promise<readonly ModelEntry[]>;
  /** Throws `model_not_found`. */
  get(id: string): Promise<ModelEntry>;
  /** Throws `model_unknown` or `model_unusable` for what no film can be made by. */
  requireName(name: string): Promise<void>;
  /** What the folder of models takes, and may take. */
  space(): Promise<{ readonly usedBytes: number; readonly quotaBytes: number }>;
  /** A new empty place for a file that comes in; whoever asks deletes what is left there. */
  incomingFile(): Promise<string>;
  /** Copies a model file in, with the weights of a second one beside it. Throws `model_unusable` with the reason, `models_full` or `bad_request`. */
  importFile(file: string): Promise<ModelEntry>;
  /** The same for a file from `incomingFile`, which is moved. */
  take(file: string, fileName: string): Promise<ModelEntry>;
  remove(id: string): Promise<void>;
  /** Begins to download a public model, or goes on with it. Throws `model_not_found`. */
  download(id: string): Promise<ModelEntry>;
  readonly downloads: Pick<Downloads, "subscribe" | "whenDone">;
  /** Keeps a model loaded in the spare worker. Throws as `get` does, and `bad_request` where none is. */
  load(id: string): Promise<ModelEntry>;
  /** The spare worker goes back to the model of the settings. */
  unload(id: string): Promise<ModelEntry>;
}

/** The worker that waits for the next film with a network loaded. */
interface WarmWorker {
  /** The id of its network. */
  loaded(): string | undefined;
  /** undefined: the one of the settings. */
  keepWarm(model: ModelSpec | undefined): Promise<void>;
}

export interface ModelsParts {
  /** Whether a model is worth a row in the list; what is not shown can still be asked for by its id. */
  readonly isShown?: (id: string) => boolean;
  readonly catalogue: Catalogue;
  readonly folder: string;
  readonly quotaBytes: number;
  readonly measurements: () => readonly RungMeasurement[];
  readonly publicModels: readonly PublicModel[];
  readonly warmWorker?: WarmWorker | undefined;
  /** Copies a model with its weights inside; rejects with `model_unusable` where that cannot be. */
  readonly join: (source: string, target: string, signal: AbortSignal) => Promise<void>;
  /** Downloads are jobs. */
  readonly jobs: Jobs;
  /** Ends downloads. */
  readonly signal: AbortSignal;
  /** Between attempts of a download; for tests. */
  readonly pauseMs?: number | undefined;
}

export function createModels(parts: ModelsParts): Models {
  const { catalogue, folder, quotaBytes, publicModels, warmWorker } = parts;
  // In the folder itself: the same disk, so that a file is moved in by a rename.
  const incoming = join(folder, ".incoming");
  const downloads = createDownloads({
    ...{ jobs: parts.jobs, publicModels, signal: parts.signal, pauseMs: parts.pauseMs },
    ...{ folder: incoming, take },
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
    const models = (await list()).filter(({ state }) => state === "ready").map(({ id }) => id);
    throw new UpreelError("model_unknown", `There is no model ${name.slice(0, 100)}`, {
      expected: ["auto", ...GRADES.toReversed(), ...models].join(", "),
      got: name.slice(0, 100),
    });
  }

  async function incomingFile(): Promise<string> {
    await makeFolder(incoming);
    return join(incoming, randomUUID());
  }

  async function take(file: string, fileName: string): Promise<ModelEntry> {
    const id = modelIdOf(fileName);
    if (id === "") {
      throw new UpreelError("bad_request", "The model has no name", {
        expected: "a file name such as realesr-animevideov3.onnx",
        got: JSON.stringify(fileName.slice(0, 100)),
      });
    }
    // It is here already and counts; the network as it is run will lie beside it.
    await reserveSpace(folder, (await sizeOf(file)) / 2, quotaBytes);
    const model = await catalogue.add(file, id);
    if (model.state === "ready") return describe(model);
    const { code, message, ...details } = model.reason;
    throw new UpreelError(code, `The model ${id} cannot be used: ${message}`, details);
  }

  return {
    list,
    get,
    requireName,
    incomingFile,
    take,
    space: async () => ({ usedBytes: await modelBytes(folder), quotaBytes }),
    async importFile(file) {
      await reserveSpace(folder, await sizeOf(file), quotaBytes);
      const copy = await incomingFile();
      try {
        await parts.join(file, copy, parts.signal);
        return await take(copy, file);
      } finally {
        await rm(copy, { force: true });
      }
    },
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

/** What the spare worker keeps loaded. */
function loading(
  { catalogue, warmWorker }: Pick<ModelsParts, "catalogue" | "warmWorker">,
  get: (id: string) => Promise<ModelEntry>,
): Pick<Models, "load" | "unload"> {
  const loadable = (): WarmWorker => {
    if (warmWorker !== undefined) return warmWorker;
    throw new UpreelError("bad_request", "No worker is kept here to load models into");
  };
  return {
    async load(id) {
      const model = await catalogue.find(id);
      await loadable().keepWarm(model);
      return get(id);
    },
    async unload(id) {
      await get(id);
      if (loadable().loaded() === id) await loadable().keepWarm(undefined);
      return get(id);
    },
  };
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );
