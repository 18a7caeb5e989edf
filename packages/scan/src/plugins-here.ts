import { join } from "node:path";
import type { FileIdentity, Log } from "@upreel/core";
import { isOnAt, openPluginSettings } from "./host/plugin-settings.ts";
import { mediaTypesOf } from "./manifest/media-types.ts";
import { findPlugins } from "./manifest/find-plugins.ts";
import { chooseChapters } from "./media-scan/choose-chapters.ts";
import { fileIdOf } from "./media-scan/file-id.ts";
import type { FilmChapter } from "./media-scan/film-chapter.ts";
import { openScanStore, SCANS_FILE } from "./store/scan-store.ts";
import type { ManifestIssue } from "./manifest/read-manifest.ts";

/** A plugin as it lies on the disk, whether or not a gateway runs. */
export type PluginHere =
  | {
      readonly kind: "usable";
      readonly id: string;
      readonly name: string;
      readonly version: string;
      readonly description: string;
      /** Kinds of films that it is for; none: for all. */
      readonly mediaTypes: readonly string[];
      readonly isBuiltIn: boolean;
      readonly isEnabled: boolean;
      /** Folders of libraries whose films it does not look at. */
      readonly offIn: readonly string[];
    }
  | {
      readonly kind: "refused";
      readonly folder: string;
      readonly issues: readonly ManifestIssue[];
    };

export const pluginsFolder = (dataDir: string): string => join(dataDir, "plugins");

/** All plugins, in the order in which they look at films. */
export async function listPlugins(
  pluginsDir: string,
  builtIn: readonly string[],
): Promise<readonly PluginHere[]> {
  const settings = openPluginSettings(pluginsDir);
  const found = await findPlugins(pluginsDir, builtIn);
  return Promise.all(
    found.map(async (each) => {
      if (each.kind === "refused") return each;
      const { id, name, version, description = "" } = each.manifest;
      const { isEnabled, offIn } = await settings.of(id);
      return {
        kind: each.kind,
        id,
        name,
        version,
        description,
        mediaTypes: mediaTypesOf(each.manifest),
        isEnabled,
        offIn,
        isBuiltIn: each.isBuiltIn,
      };
    }),
  );
}

/** What is known of a file, whether or not a gateway runs. */
export async function readChapters(
  dataDir: string,
  builtIn: readonly string[],
  file: FileIdentity,
  log: Pick<Log, "warn">,
): Promise<readonly FilmChapter[]> {
  using store = openScanStore(join(dataDir, SCANS_FILE), { log, nowMs: () => Date.now() });
  const found = store.chapters(fileIdOf(file));
  if (found.length === 0) return [];
  const plugins = await listPlugins(pluginsFolder(dataDir), builtIn);
  return chooseChapters(
    found,
    plugins
      .filter((each) => each.kind === "usable")
      .map((each) => ({ ...each, isEnabled: isOnAt(each, file.path) })),
  );
}

/** From the next film on, also in a gateway that runs; `library`: for films in this folder alone. */
export async function setPluginEnabled(
  pluginsDir: string,
  id: string,
  isEnabled: boolean,
  library?: string,
): Promise<void> {
  await openPluginSettings(pluginsDir).setEnabled(id, isEnabled, library);
}
