import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "@upreel/files";
import type { FoundPlugin } from "../manifest/find-plugins.ts";
import { pluginCommand } from "./plugin-command.ts";
import type { PluginLog } from "./plugin-log.ts";
import type { Sandbox } from "./sandbox.ts";
import type { PluginOrder, PluginTimes } from "./start-plugin.ts";

export type UsablePlugin = Extract<FoundPlugin, { readonly kind: "usable" }>;

export interface OrderParts {
  readonly dataDir: string;
  /** Tried out when it is first needed. */
  readonly sandbox: () => Promise<Sandbox>;
  /** What a plugin needs of this process's environment: where programs are. */
  readonly path: string;
  readonly times: PluginTimes;
}

/** How the plugin's process is started now, with `config` over its defaults. */
export async function orderPlugin(
  { manifest, folder, entry }: UsablePlugin,
  config: Readonly<Record<string, unknown>>,
  { dataDir, sandbox, path, times }: OrderParts,
  log: PluginLog,
): Promise<PluginOrder> {
  const { id, engine } = manifest;
  const scratch = join(dataDir, "plugin-scratch", id.replaceAll("/", "+"));
  await makeFolder(scratch);
  const [place, hidden] = await Promise.all([realpath(folder), realpath(dataDir)]);
  const writable = [await realpath(scratch)];
  const whole = { ...defaultsOf(manifest.configuration ?? []), ...config };
  const command = await pluginCommand(engine, entry, path);
  return {
    ...{ id, cwd: place, config: whole, times, log },
    command: (await sandbox()).wrap(command, {
      ...{ writable, hidden: [hidden] },
      shown: place.startsWith(`${hidden}/`) ? [place] : [],
    }),
    env: {
      ...{ PATH: path, LANG: "C.UTF-8", HOME: scratch, TMPDIR: scratch },
      AVIATO_PLUGIN_ID: id,
      AVIATO_PLUGIN_CONFIG: JSON.stringify(whole),
      AVIATO_PLUGIN_LOG_LEVEL: "info",
      AVIATO_PLUGIN_TMP_DIR: scratch,
    },
  };
}

const defaultsOf = (
  fields: readonly { readonly key: string; readonly default?: unknown }[],
): Record<string, unknown> =>
  Object.fromEntries(
    fields.flatMap((field) => (field.default === undefined ? [] : [[field.key, field.default]])),
  );
