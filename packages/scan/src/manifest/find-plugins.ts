import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { PluginManifest } from "./plugin-manifest.ts";
import { readManifest, type ManifestIssue } from "./read-manifest.ts";

/** A folder with a plugin in it. */
export type FoundPlugin = {
  readonly folder: string;
  readonly isBuiltIn: boolean;
} & (
  | {
      readonly kind: "usable";
      readonly manifest: PluginManifest;
      readonly entry: string;
      /** Another one after it was installed again, or its manifest changed. */
      readonly installed: string;
    }
  | { readonly kind: "refused"; readonly issues: readonly ManifestIssue[] }
);

/**
 * All plugins: the built-in ones, then those in folders below `pluginsDir`, by name. An id that comes twice is
 * refused the second time.
 */
export async function findPlugins(
  pluginsDir: string,
  builtIn: readonly string[],
): Promise<readonly FoundPlugin[]> {
  const entries = await readdir(pluginsDir, { withFileTypes: true }).catch(() => []);
  const installed = entries
    // What is being installed begins with a dot.
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => join(pluginsDir, name))
    .toSorted();
  const folders = [
    ...builtIn.map((folder) => ({ folder, isBuiltIn: true })),
    ...installed.map((folder) => ({ folder, isBuiltIn: false })),
  ];
  const taken = new Set<string>();
  const found: FoundPlugin[] = [];
  for (const place of folders) {
    const read = await readManifest(place.folder);
    if ("issues" in read) {
      found.push({ ...place, kind: "refused", issues: read.issues });
      continue;
    }
    const { id } = read.manifest;
    if (taken.has(id)) {
      const issue = { path: "id", message: `another plugin is called ${id}` };
      found.push({ ...place, kind: "refused", issues: [issue] });
      continue;
    }
    taken.add(id);
    found.push({ ...place, kind: "usable", ...read });
  }
  return found;
}
