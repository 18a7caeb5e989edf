import type { StreamStatus } from "@upreel/core";
import { strings } from "../strings.ts";

/** The built-in models have names that mean something, some with a size behind it: `Best (×1.5)`. */
export function modelName(name: string): string {
  const [, word = name, rest = ""] = /^(.*?)( \(.*\))?$/.exec(name) ?? [];
  const own = strings.models.names[word];
  // Of a name of one's own nothing is a number.
  return own === undefined ? name : own + rest.replace(".", strings.units.point);
}

/** What a model is good at, part by part: `for fast computers, or overnight; sharper edges`. */
export const modelUses = (description: string): string =>
  description
    .split("; ")
    .map((part) => strings.models.uses[part] ?? part)
    .join("; ");

/** The model that a film is made by, and what it runs on. */
export function modelOn({
  model,
  model_name: name,
  provider,
}: Pick<StreamStatus, "model" | "model_name" | "provider">): string {
  if (model === null) return strings.nothing;
  const called = modelName(name ?? model);
  // Plain enlarging is no network, which would run on something.
  return provider === null || provider === "ffmpeg"
    ? called
    : strings.streams.modelOn(called, strings.models.providers[provider] ?? provider);
}
