import { openPluginSettings } from "./host/plugin-settings.ts";
import { findPlugins } from "./manifest/find-plugins.ts";
import type { ManifestIssue } from "./manifest/read-manifest.ts";

/** A plugin as it lies on the disk, whether or not a gateway runs. */
export type PluginHere =
  | {
      readonly kind: "usable";
      readonly id: string;
      readonly name: string;
      readonly version: string;
      readonly description: string;
      readonly isBuiltIn: boolean;
      readonly isEnabled: boolean;
    }
  | {
      readonly kind: "refused";
      readonly folder: string;
      readonly issues: readonly ManifestIssue[];
    };

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
      const { isEnabled } = await settings.of(id);
      return {
        kind: each.kind,
        id,
        name,
        version,
        description,
        isEnabled,
        isBuiltIn: each.isBuiltIn,
      };
    }),
  );
}

/** From the next film on, also in a gateway that runs. */
export async function setPluginEnabled(
  pluginsDir: string,
  id: string,
  isEnabled: boolean,
): Promise<void> {
  await openPluginSettings(pluginsDir).setEnabled(id, isEnabled);
}
