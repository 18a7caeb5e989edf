import { join } from "node:path";
import { JsonFile } from "@upreel/files";
import { z } from "zod";

const settingsSchema = z.object({
  plugins: z.record(
    z.string(),
    z.object({
      isEnabled: z.boolean().default(true),
      config: z.record(z.string(), z.json()).default({}),
    }),
  ),
});

type PluginSettings = z.infer<typeof settingsSchema>["plugins"][string];

/** What is set of plugins, in a file beside them. The command line writes it, a running gateway reads it anew. */
export interface PluginSettingsFile {
  of(id: string): Promise<PluginSettings>;
  setEnabled(id: string, isEnabled: boolean): Promise<void>;
}

export function openPluginSettings(pluginsDir: string): PluginSettingsFile {
  const file = new JsonFile(join(pluginsDir, "plugins.json"), settingsSchema, {
    ...{ isDurable: true, makesFolder: true, indent: 2 },
  });
  const unset: PluginSettings = { isEnabled: true, config: {} };
  return {
    of: async (id) => (await file.readOrForget())?.plugins[id] ?? unset,
    async setEnabled(id, isEnabled) {
      const { plugins = {} } = (await file.read()) ?? {};
      const before = plugins[id] ?? unset;
      await file.write({ plugins: { ...plugins, [id]: { ...before, isEnabled } } });
    },
  };
}
