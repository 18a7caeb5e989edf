import { join, sep } from "node:path";
import { JsonFile } from "@upreel/files";
import PQueue from "p-queue";
import { z } from "zod";

const settingsSchema = z.object({
  plugins: z.record(
    z.string(),
    z.object({
      isEnabled: z.boolean().default(true),
      /** Folders of libraries whose films it does not look at. */
      offIn: z.array(z.string()).default([]),
      config: z.record(z.string(), z.json()).default({}),
    }),
  ),
});

type PluginSettings = z.infer<typeof settingsSchema>["plugins"][string];

/** What is set of plugins, in a file beside them. The command line writes it, a running gateway reads it anew. */
export interface PluginSettingsFile {
  of(id: string): Promise<PluginSettings>;
  /** `library`: for films in this folder alone. */
  setEnabled(id: string, isEnabled: boolean, library?: string): Promise<void>;
}

/** Whether a plugin may look at the film at `path`. */
export const isOnAt = (
  { isEnabled, offIn }: { readonly isEnabled: boolean; readonly offIn: readonly string[] },
  path: string,
): boolean => isEnabled && !offIn.some((folder) => isInside(folder, path));

const isInside = (folder: string, path: string): boolean =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

export function openPluginSettings(pluginsDir: string): PluginSettingsFile {
  const file = new JsonFile(join(pluginsDir, "plugins.json"), settingsSchema, {
    ...{ isDurable: true, makesFolder: true, indent: 2 },
  });
  // Who switches two of them at once means both.
  const changes = new PQueue({ concurrency: 1 });
  const unset: PluginSettings = { isEnabled: true, offIn: [], config: {} };
  return {
    of: async (id) => (await file.readOrForget())?.plugins[id] ?? unset,
    setEnabled: (id, isEnabled, library) => changes.add(() => change(id, isEnabled, library)),
  };

  async function change(id: string, isEnabled: boolean, library?: string): Promise<void> {
    const { plugins = {} } = (await file.read()) ?? {};
    const before = plugins[id] ?? unset;
    const others = before.offIn.filter((folder) => folder !== library);
    const set =
      library === undefined ? { isEnabled } : { offIn: isEnabled ? others : [...others, library] };
    await file.write({ plugins: { ...plugins, [id]: { ...before, ...set } } });
  }
}
