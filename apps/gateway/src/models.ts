import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import {
  PLAIN_SCALER,
  UpreelError,
  type ModelEntry,
  type ModelSpec,
  type RungMeasurement,
} from "@upreel/core";
import { modelIdOf, type Catalogue, type CatalogueModel } from "@upreel/upscaler";

/** The models of a gateway. */
export interface Models {
  list(): Promise<readonly ModelEntry[]>;
  /** A new empty place for a file that comes in; whoever asks deletes what is left there. */
  incomingFile(): Promise<string>;
  /** Copies a model file in. Throws `model_unusable` with the reason, or `bad_request`. */
  importFile(file: string): Promise<ModelEntry>;
  /** The same for a file from `incomingFile`, which is moved. */
  take(file: string, fileName: string): Promise<ModelEntry>;
  remove(id: string): Promise<void>;
}

const DESCRIPTIONS = {
  luma: "network on brightness; colours are scaled beside it",
  yuv: "network on brightness; colours are scaled inside it",
  rgb: "network on all three colours",
  scaler: "plain scaling without a network, the last resort",
} as const;

export interface ModelsParts {
  readonly catalogue: Catalogue;
  readonly folder: string;
  readonly measurements: () => readonly RungMeasurement[];
}

export function createModels({ catalogue, folder, measurements }: ModelsParts): Models {
  async function incomingFile(): Promise<string> {
    // In the folder itself: the same disk, so that it is moved in by a rename.
    const incoming = join(folder, ".incoming");
    await mkdir(incoming, { recursive: true });
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
    const model = await catalogue.add(file, id);
    if (model.state === "ready") return describe(model, measurements());
    const { code, message, ...details } = model.reason;
    throw new UpreelError(code, `The model ${id} cannot be used: ${message}`, details);
  }

  return {
    incomingFile,
    take,
    async list() {
      const models = await catalogue.models();
      return models.map((model) => describe(model, measurements()));
    },
    async importFile(file) {
      const incoming = await incomingFile();
      try {
        await copyFile(file, incoming);
        return await take(incoming, file);
      } finally {
        await rm(incoming, { force: true });
      }
    },
    remove: (id) => catalogue.remove(id),
  };
}

function describe(model: CatalogueModel, measurements: readonly RungMeasurement[]): ModelEntry {
  const providers = measurements.filter(({ model: id }) => id === model.id).map(describeRung);
  const speeds = providers.flatMap(({ megapixels_per_second: speed }) => speed ?? []);
  const spec = "spec" in model ? model.spec : undefined;
  const kind = spec === undefined ? null : kindOf(spec);
  return {
    id: model.id,
    state: model.state === "built-in" ? "ready" : model.state,
    origin: model.state === "built-in" ? "built-in" : "imported",
    kind,
    scale: spec === undefined || spec.id === PLAIN_SCALER.id ? null : spec.scale,
    description: describeState(model, kind),
    size_bytes: model.sizeBytes,
    parameters: model.state === "ready" ? model.parameters : null,
    megapixels_per_second: speeds.length === 0 ? null : Math.max(...speeds),
    providers,
    bytes_per_pixel: spec?.bytesPerPixel ?? null,
    reason: model.state === "refused" ? model.reason : null,
  };
}

function describeRung({ provider, measurement }: RungMeasurement): ModelEntry["providers"][number] {
  if (measurement.outcome === "refused") {
    const { reason } = measurement;
    return { provider, megapixels_per_second: null, likeness_db: null, nodes: null, reason };
  }
  return {
    provider,
    megapixels_per_second: measurement.megapixelsPerSecond,
    likeness_db: measurement.likenessDb,
    nodes: measurement.nodes,
    reason: null,
  };
}

type Kind = keyof typeof DESCRIPTIONS;

function kindOf({ kind, pixelFormat }: ModelSpec): Kind {
  if (kind === "copy") return "scaler";
  if (kind === "luma") return "luma";
  return pixelFormat === "gbrp" ? "rgb" : "yuv";
}

function describeState(model: CatalogueModel, kind: Kind | null): string {
  if (model.state === "refused") return model.reason.message;
  return kind === null ? "being tried out" : DESCRIPTIONS[kind];
}
