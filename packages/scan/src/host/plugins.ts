import { toUpreelError, UpreelError, type Log } from "@upreel/core";
import { findPlugins, type FoundPlugin } from "../manifest/find-plugins.ts";
import { createPlugin, type Plugin } from "./plugin.ts";
import { orderPlugin, type OrderParts, type UsablePlugin } from "./plugin-order.ts";
import { isOnAt, type PluginSettingsFile } from "./plugin-settings.ts";

/** A plugin that may run, with what it is now. */
interface KnownPlugin {
  readonly found: UsablePlugin;
  readonly plugin: Plugin;
}

/** All plugins of this installation; the folders are read anew each time. */
export interface Plugins extends AsyncDisposable {
  look(): Promise<{
    readonly usable: readonly (KnownPlugin & {
      readonly isEnabled: boolean;
      /** Folders of libraries whose films it does not look at. */
      readonly offIn: readonly string[];
      /** Whether it may look at the film at a path. */
      readonly isOnAt: (path: string) => boolean;
    })[];
    readonly refused: readonly Extract<FoundPlugin, { kind: "refused" }>[];
  }>;
  /** Throws `not_found`. */
  get(id: string): Promise<KnownPlugin>;
  /** Ends all processes; the next call starts them again. */
  rest(): Promise<void>;
}

export interface PluginsParts extends OrderParts {
  readonly pluginsDir: string;
  readonly builtIn: readonly string[];
  /** What built-in plugins are told of this installation. */
  readonly ownConfig: Readonly<Record<string, unknown>>;
  readonly settings: PluginSettingsFile;
  readonly backOff: { readonly firstMs: number; readonly longestMs: number };
  readonly nowMs: () => number;
  readonly log: Pick<Log, "warn">;
}

/** Whoever writes a plugin installs it again and again under one version. */
const isSame = (a: UsablePlugin, b: UsablePlugin): boolean =>
  a.folder === b.folder && a.installed === b.installed;

export function createPlugins(parts: PluginsParts): Plugins {
  const { pluginsDir, builtIn, settings, log } = parts;
  const known = new Map<string, KnownPlugin>();

  function keep(found: UsablePlugin): KnownPlugin {
    const { id } = found.manifest;
    const before = known.get(id);
    if (before !== undefined && isSame(before.found, found)) return before;
    if (before !== undefined) void end(before.plugin);
    const plugin = createPlugin(id, {
      ...{ nowMs: parts.nowMs, backOff: parts.backOff, rateLimit: found.manifest.rateLimit },
      order: async (pluginLog) => {
        const { config } = await settings.of(id);
        const whole = found.isBuiltIn ? { ...parts.ownConfig, ...config } : config;
        return orderPlugin(found, whole, parts, pluginLog);
      },
    });
    const now = { found, plugin };
    known.set(id, now);
    return now;
  }

  async function end(plugin: Plugin): Promise<void> {
    try {
      await plugin[Symbol.asyncDispose]();
    } catch (thrown) {
      log.warn(`${plugin.id}: ${toUpreelError(thrown).message}`);
    }
  }

  async function look(): ReturnType<Plugins["look"]> {
    const found = await findPlugins(pluginsDir, builtIn);
    const usable = found.filter((each) => each.kind === "usable").map(keep);
    for (const [id, { plugin }] of known) {
      if (usable.some((each) => each.plugin === plugin)) continue;
      known.delete(id);
      void end(plugin);
    }
    const states = await Promise.all(
      usable.map(async (each) => {
        const set = await settings.of(each.plugin.id);
        const { isEnabled, offIn } = set;
        return { ...each, isEnabled, offIn, isOnAt: (path: string) => isOnAt(set, path) };
      }),
    );
    return { usable: states, refused: found.filter((each) => each.kind === "refused") };
  }

  return {
    look,
    async get(id) {
      const found = (await look()).usable.find(({ plugin }) => plugin.id === id);
      if (found !== undefined) return found;
      throw new UpreelError("not_found", `there is no plugin ${id.slice(0, 100)}`, {
        expected: [...known.keys()].join(", ") || "a plugin in the plugins folder",
      });
    },
    async rest() {
      await Promise.all([...known.values()].map(({ plugin }) => plugin.stop()));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...known.values()].map(({ plugin }) => plugin[Symbol.asyncDispose]()));
    },
  };
}
