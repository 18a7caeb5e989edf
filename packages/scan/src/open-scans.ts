import { join } from "node:path";
import {
  FACTS_PLUGIN,
  type EventBus,
  type FileIdentity,
  type FilmFacts,
  type Jobs,
  type Log,
  type PluginLogs,
  type ScansAnswer,
  toUpreelError,
} from "@upreel/core";
import { dispatchEvents } from "./events/dispatch-events.ts";
import { isOnAt, openPluginSettings } from "./host/plugin-settings.ts";
import { createPlugins } from "./host/plugins.ts";
import { openSandbox, type Sandbox } from "./host/sandbox.ts";
import { chooseChapters } from "./media-scan/choose-chapters.ts";
import type { FilmPlaces } from "./jobs/prepare-group.ts";
import { createScanQueue, type Viewers } from "./jobs/scan-queue.ts";
import type { FilmChapter } from "./media-scan/film-chapter.ts";
import { mediaTypesOf } from "./manifest/media-types.ts";
import { pluginsFolder } from "./plugins-here.ts";
import { openScanStore, SCANS_FILE } from "./store/scan-store.ts";

/** Plugins that look at films, and what they found. */
export interface Scans extends AsyncDisposable {
  /**
   * The film, with the season that it is of, is looked at when nothing else is done; not where scans are off,
   * unless somebody `asks` for it.
   */
  want(path: string, how?: { readonly isAsked: boolean }): void;
  /** Intros and credits that are known of the file now, each once, of plugins that are switched on. */
  chapters(file: FileIdentity): Promise<readonly FilmChapter[]>;
  /** What is known of the file now, where the plugin that finds it is switched on; never throws. */
  facts(file: FileIdentity): Promise<FilmFacts | undefined>;
  /** When no plugin is to look at the film any more; at once where none is. */
  settled(path: string): Promise<void>;
  /** The plugin that looks at the film now, or at the season that it is of. */
  lookingAt(path: string): string | undefined;
  status(): Promise<ScansAnswer>;
  /** From the next film on; `library`: for films in this folder alone. Throws `not_found`. */
  setEnabled(id: string, isEnabled: boolean, library?: string): Promise<void>;
  /** Throws `not_found`. */
  logs(id: string): Promise<PluginLogs>;
  /** When no film waits. */
  idle(): Promise<void>;
  /** Plugins have looked at these films, anew or not; the answer ends that. */
  onLooked(listener: LookedListener): () => void;
}

type LookedListener = (paths: readonly string[]) => void;

export interface ScansParts {
  /** Films to look at are jobs. */
  readonly jobs: Jobs;
  readonly dataDir: string;
  readonly isOn: boolean;
  /** Folders of plugins that come with Upreel. */
  readonly builtIn: readonly string[];
  /** What these are told: where programs are. */
  readonly ownConfig: Readonly<Record<string, unknown>>;
  /** PATH, for plugins that run programs. */
  readonly path: string;
  /** 19: plugins take what nobody else wants; 0: as much as others. */
  readonly niceness: number;
  readonly places: FilmPlaces;
  readonly viewers: Viewers;
  readonly events: EventBus;
  readonly log: Pick<Log, "info" | "warn" | "debug">;
  readonly nowMs: () => number;
}

/** Nobody waits for a plugin, and it has the time that others leave. */
const TIMES = {
  versionMs: 5 * 60_000,
  scanMs: 15 * 60_000,
  hookMs: 30_000,
  restMs: 60_000,
  freshMs: 10 * 60_000,
  settleMs: 60_000,
};
/** As Aviato has it: events are not tried again, and wait for nobody. */
const EVENT_MS = 5_000;
const PROCESS_TIMES = { startMs: 5 * 60_000, pingMs: 5 * 60_000, stopMs: 5_000 };
const BACK_OFF = { firstMs: 1_000, longestMs: 10 * 60_000 };

/** Opens the host of plugins; none is started before there is something to do for it. */
export function openScans(parts: ScansParts): Scans {
  const { jobs, dataDir, isOn, builtIn, ownConfig, path, places, viewers, events, log, nowMs } =
    parts;
  const closing = new AbortController();
  let tried: Promise<Sandbox> | undefined;
  const sandbox = (): Promise<Sandbox> => (tried ??= openSandbox(closing.signal, parts.niceness));
  const pluginsDir = pluginsFolder(dataDir);
  const settings = openPluginSettings(pluginsDir);
  const plugins = createPlugins({
    ...{ dataDir, pluginsDir, builtIn, ownConfig, path, sandbox, log, nowMs },
    ...{ settings, times: PROCESS_TIMES, backOff: BACK_OFF },
  });
  const store = openScanStore(join(dataDir, SCANS_FILE), { log, nowMs });
  const listeners = new Set<LookedListener>();
  const queue = createScanQueue({
    ...{ jobs, isOn, plugins, store, places, viewers, times: TIMES, nowMs, log, events },
    onLooked: (paths) => listeners.forEach((listener) => listener(paths)),
  });
  const told = dispatchEvents(events, plugins, {
    ...{ answerMs: EVENT_MS, signal: closing.signal },
    onQuiet: () => queue.restSoon(),
  });

  return {
    want: (film, how = { isAsked: false }) => {
      if (isOn || how.isAsked) queue.want(film, how);
    },
    async chapters(file) {
      const found = queue.chapters(file);
      if (found.length === 0) return [];
      const { usable } = await plugins.look();
      return chooseChapters(
        found,
        usable.map(({ plugin: { id }, found: { isBuiltIn }, isOnAt }) => ({
          ...{ id, isBuiltIn, isEnabled: isOnAt(file.path) },
        })),
      );
    },
    async facts(file) {
      try {
        const facts = queue.facts(file);
        return facts && isOnAt(await settings.of(FACTS_PLUGIN.id), file.path) ? facts : undefined;
      } catch (thrown) {
        log.warn(
          `What is known about ${file.path} cannot be read: ${toUpreelError(thrown).message}`,
        );
        return undefined;
      }
    },
    async status() {
      const [{ usable, refused }, { kind, missing }] = await Promise.all([
        plugins.look(),
        sandbox(),
      ]);
      const counts = store.counts();
      return {
        ...{ is_on: isOn, sandbox: kind, sandbox_reason: missing ?? null },
        plugins: usable.map(({ plugin, found: { manifest, isBuiltIn }, isEnabled, offIn }) => ({
          ...{ id: plugin.id, name: manifest.name, version: manifest.version },
          description: manifest.description ?? null,
          ...{ engine: manifest.engine, capabilities: manifest.capabilities },
          media_types: [...mediaTypesOf(manifest)],
          ...{ events: manifest.subscriptions?.events ?? [], off_in: [...offIn] },
          ...{ is_built_in: isBuiltIn, is_enabled: isEnabled, state: plugin.state },
          reason: plugin.reason ?? null,
          files: counts.get(plugin.id)?.files ?? 0,
          chapters: counts.get(plugin.id)?.chapters ?? 0,
        })),
        refused: refused.map(({ folder, issues }) => ({ folder, issues: [...issues] })),
        jobs: [...queue.jobs()],
      };
    },
    async setEnabled(id, isEnabled, library) {
      await plugins.get(id);
      await settings.setEnabled(id, isEnabled, library);
    },
    async logs(id) {
      const { plugin } = await plugins.get(id);
      return {
        lines: plugin.log.lines().map(({ atMs, level, text }) => ({ at_ms: atMs, level, text })),
      };
    },
    lookingAt: (path) => queue.lookingAt(path),
    settled: (path) => queue.settled(path),
    idle: () => queue.idle(),
    onLooked(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await told[Symbol.asyncDispose]();
      await queue[Symbol.asyncDispose]();
    },
  };
}
