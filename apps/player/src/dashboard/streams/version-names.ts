import type { StreamStatus } from "@upreel/core";
import { bestVersion } from "@upreel/core/plain";
import { factLine, pictureSize } from "../../format.ts";
import { modelName } from "../../stream/model-on.ts";
import { strings } from "../../strings.ts";
import { styleOf } from "../../stream/style-of.ts";

type Named = Pick<
  StreamStatus,
  | "wanted_model"
  | "model"
  | "model_name"
  | "width"
  | "height"
  | "quality"
  | "wanted_sharpness"
  | "faces"
  | "encoder"
  | "wanted_at"
>;

/** What may tell two versions of a film apart besides their models, the most telling first. */
const PARTS: readonly ((version: Named) => string)[] = [
  ({ width, height }) => (width === null ? "" : pictureSize(width, height)),
  ({ quality }) => `${qualityName(quality)} (${quality})`,
  ({ wanted_sharpness: sharpness }) =>
    sharpness === null ? "" : strings.watch.madeBy.styles[styleOf(sharpness)],
  ({ faces }) => (faces === "off" ? "" : strings.streams.versions.faces),
  ({ encoder }) => encoder ?? "",
];

/** What a `QUALITY` is called; lower numbers are better. */
function qualityName(quality: number): string {
  const { small, medium, high, highest } = strings.streams.versions.qualities;
  if (quality >= 26) return small;
  if (quality >= 22) return medium;
  return quality >= 17 ? high : highest;
}

/** The versions of one film by what tells them apart: `Best`, or `Best · high video quality (18)`; else by when they were started. */
export function versionNames(versions: readonly Named[]): readonly string[] {
  const telling = PARTS.filter((part) => new Set(versions.map(part)).size > 1);
  const names = versions.map((version) =>
    factLine([wantedName(version), ...telling.map((part) => part(version)).filter(Boolean)]),
  );
  return names.map((name, k) =>
    names.indexOf(name) === names.lastIndexOf(name)
      ? name
      : factLine([name, startedAt(versions[k])]),
  );
}

const wantedName = ({ wanted_model: wanted, model, model_name: name }: Named): string =>
  strings.watch.madeBy.models[wanted] ?? modelName((model === wanted ? name : null) ?? wanted);

const startedAt = (version: Named | undefined): string =>
  new Date(version?.wanted_at ?? 0).toLocaleString(document.documentElement.lang);

/** The version that plays when nobody says which. */
export const playedVersion = (versions: readonly StreamStatus[]): StreamStatus | undefined =>
  bestVersion(versions, ({ wanted_model: wantedModel, ...facts }) => ({ ...facts, wantedModel }));
