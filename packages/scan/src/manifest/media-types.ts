import type { PluginManifest } from "./plugin-manifest.ts";

/** What a film is, in the words of Aviato's libraries: an episode of a series, or a film of its own. */
export type MediaType = "movies" | "tv";

/** The kinds of films that a plugin is for, as its manifest says; none: for all. */
export const mediaTypesOf = ({
  mediaTypes = [],
}: Pick<PluginManifest, "mediaTypes">): readonly string[] =>
  Array.isArray(mediaTypes) ? mediaTypes : Object.keys(mediaTypes);

/** Whether a plugin is for films of this kind. */
export function isForType(manifest: Pick<PluginManifest, "mediaTypes">, type: MediaType): boolean {
  const types = mediaTypesOf(manifest);
  return types.length === 0 || types.includes(type);
}
