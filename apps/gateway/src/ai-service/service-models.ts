import { UpreelError, type ModelEntry } from "@upreel/core";
import type { Models } from "@upreel/engine";

/** A model as the plugin knows it. */
export interface ServiceModel {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** What it makes of a picture: exactly so many times as wide and high. */
  readonly scale: number;
  readonly category: string;
  /** A grade or the id of one of Upreel's models. */
  readonly by: string;
}

interface Family {
  readonly id: string;
  readonly category: string;
  readonly by: "fastest" | "fast" | "best";
  readonly scales: readonly number[];
}

/**
 * Names that the plugin has in its settings, its rules and its list of what is light enough for live video. Behind
 * them are Upreel's own networks, as their descriptions say.
 */
const FAMILIES: readonly Family[] = [
  { id: "fsrcnn", category: "fast", by: "fastest", scales: [2, 3, 4] },
  { id: "espcn", category: "fast", by: "fastest", scales: [2, 3, 4] },
  { id: "span", category: "fast", by: "fast", scales: [2, 4] },
  { id: "realesrgan", category: "realesrgan", by: "best", scales: [2, 4] },
];

const ALIASES: readonly ServiceModel[] = FAMILIES.flatMap(({ id, category, by, scales }) =>
  scales.map((scale) => ({
    ...{ id: `${id}-x${scale}`, name: `${id} ×${scale} (Upreel ${by})`, scale, category, by },
    description: `Upreel's own ${by} network, under the name that the plugin looks for`,
  })),
);

/** What is loaded when nobody has asked for a model yet. */
export const FIRST_MODEL = "fsrcnn-x2";

/** One that is here under its own name; ×1.5 is no scale that the plugin knows. */
function ownModel(entry: ModelEntry): ServiceModel | undefined {
  const { id, name, description, scale } = entry;
  if (scale === null || !Number.isInteger(scale)) return undefined;
  return { ...{ id, name, description, scale, by: id }, category: "super-resolution" };
}

/** The model of this name. Throws `model_not_found`, or `model_unusable` for what has no whole scale. */
export async function findModel(models: Models, id: string): Promise<ServiceModel> {
  const alias = ALIASES.find((each) => each.id === id);
  if (alias !== undefined) return alias;
  const own = ownModel(await models.get(id));
  if (own !== undefined) return own;
  throw new UpreelError("model_unusable", `The model ${id} has no scale that the plugin knows`, {
    expected: "×1, ×2, ×3, ×4 …",
  });
}

/** All of them, as the plugin's page reads them. */
export async function listModels(models: Models, loaded: string) {
  const row = (model: ServiceModel, entry?: ModelEntry) => ({
    ...{ id: model.id, name: model.name, description: model.description, scale: [model.scale] },
    ...{ category: model.category, type: "onnx", loaded: model.id === loaded },
    downloaded: entry === undefined || entry.state === "ready",
    available: entry === undefined || entry.state === "ready" || entry.state === "available",
    custom: entry?.origin === "imported",
  });
  const entries = await models.list();
  const own = entries.flatMap((entry) => {
    const model = ownModel(entry);
    return model === undefined ? [] : [row(model, entry)];
  });
  return [...ALIASES.map((model) => row(model)), ...own];
}
