import {
  PLAIN_SCALER,
  type ModelDownload,
  type ModelEntry,
  type ModelSpec,
  type RungMeasurement,
} from "@upreel/core";
import type { CatalogueModel, PublicModel } from "@upreel/upscaler";
import { nameOfModel, wordsOfModel } from "./name-of-model.ts";

/** Of models that say nothing of themselves: what they work on. */
const DESCRIPTIONS = {
  luma: "sharpens brightness; colours are only enlarged",
  yuv: "sharpens brightness; colours are only enlarged",
  rgb: "sharpens all colours",
  scaler: "plain scaling without a model, the last resort",
} as const;

/** What else is known of a model. */
export interface ModelContext {
  readonly measurements: readonly RungMeasurement[];
  readonly known: PublicModel | undefined;
  readonly download: ModelDownload | null;
  readonly isLoaded: boolean;
}

/** A model that is here, as `GET /models` shows it. */
export function describeModel(model: CatalogueModel, context: ModelContext): ModelEntry {
  const providers = context.measurements
    .filter(({ model: id }) => id === model.id)
    .map(describeRung);
  const speeds = providers.flatMap(({ megapixels_per_second: speed }) => speed ?? []);
  const spec = "spec" in model ? model.spec : undefined;
  const kind = spec === undefined ? null : kindOf(spec);
  const isBuiltIn = model.state === "built-in";
  return {
    id: model.id,
    name: context.known?.name ?? nameOfModel(model.id),
    state: isBuiltIn ? "ready" : model.state,
    origin: isBuiltIn ? "built-in" : context.known === undefined ? "imported" : "public",
    kind,
    scale: spec === undefined || spec.id === PLAIN_SCALER.id ? null : spec.scale,
    description: describeState(model, kind),
    size_bytes: model.sizeBytes,
    parameters: model.state === "ready" ? model.parameters : null,
    megapixels_per_second: speeds.length === 0 ? null : Math.max(...speeds),
    providers,
    bytes_per_pixel: spec?.bytesPerPixel ?? null,
    loaded: context.isLoaded,
    public: context.known === undefined ? null : describePublic(context.known),
    download: context.download,
    reason: model.state === "refused" ? model.reason : null,
  };
}

/** A public model that is not here yet. */
export const describeAvailable = (
  known: PublicModel,
  download: ModelDownload | null,
): ModelEntry => ({
  ...{
    id: known.id,
    name: known.name,
    state: "available",
    origin: "public",
    kind: null,
    scale: known.scale,
  },
  description: `${known.good_at} (${known.name}, ${known.licence})`,
  ...{ size_bytes: known.size_bytes, parameters: known.weights },
  ...{ megapixels_per_second: null, providers: [], bytes_per_pixel: null, loaded: false },
  ...{ public: describePublic(known), download, reason: download?.reason ?? null },
});

const describePublic = ({
  name,
  good_at,
  content,
  licence,
  credit,
  url,
  sha256,
}: PublicModel): ModelEntry["public"] => ({
  ...{ name, good_at, content, licence, credit, url, sha256 },
});

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
  if (kind === null) return "being tried out";
  return wordsOfModel(model.id).goodAt ?? DESCRIPTIONS[kind];
}
