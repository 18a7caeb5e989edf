import { join } from "node:path";
import { createEventBus, type EventBus, type FileIdentity, type Jobs } from "@upreel/core";
import { makeRecordingLog } from "@upreel/testkit";
import { createLocalJobs } from "../../../jobs/src/index.ts";
import { openPluginSettings } from "../host/plugin-settings.ts";
import { createPlugins } from "../host/plugins.ts";
import type { Sandbox } from "../host/sandbox.ts";
import { createScanQueue, type ScanQueue, type Viewers } from "../jobs/scan-queue.ts";
import { fileIdOf } from "../media-scan/file-id.ts";
import { openScanStore, type ScanStore } from "../store/scan-store.ts";

/** What no test waits for in vain. */
const PATIENT_MS = 60_000;

const NO_SANDBOX: Sandbox = {
  kind: "none",
  missing: "a test",
  wrap: ([file = "", ...rest]) => [file, ...rest],
};

const NO_VIEWERS: Viewers = { needProcessor: () => false, untilIdle: async () => undefined };

export interface Rig extends AsyncDisposable {
  readonly queue: ScanQueue;
  readonly store: ScanStore;
  readonly pluginsDir: string;
  readonly events: EventBus;
  readonly plugins: ReturnType<typeof createPlugins>;
  fileId(path: string): string;
  /** Looks at the film and tells what came of it. */
  scan(path: string): Promise<ReturnType<ScanQueue["jobs"]>[number]>;
}

const identify = (path: string): FileIdentity => ({
  ...{ path, sizeBytes: path.length, modifiedMs: 1 },
});

/** The queue over made-up films, with real processes. */
export function openRig(
  dataDir: string,
  given: {
    /** In place of jobs that end with the rig. */
    readonly jobs?: Jobs;
    readonly isOn?: boolean;
    /** In place of none. */
    readonly sandbox?: Sandbox;
    /** In place of this process's. */
    readonly path?: string;
    readonly times?: {
      readonly startMs?: number;
      readonly pingMs?: number;
      readonly scanMs?: number;
      readonly hookMs?: number;
      readonly freshMs?: number;
      readonly settleMs?: number;
    };
    readonly beside?: readonly string[];
    /** In place of none. */
    readonly viewers?: Viewers;
    readonly beforePrepare?: () => Promise<void>;
    readonly beforePersist?: () => void;
    readonly onLooked?: (paths: readonly string[]) => void;
  } = {},
): Rig {
  const pluginsDir = join(dataDir, "plugins");
  const {
    startMs = PATIENT_MS,
    pingMs = PATIENT_MS,
    scanMs = PATIENT_MS,
    hookMs = PATIENT_MS,
    freshMs = 0,
    settleMs = 0,
  } = given.times ?? {};
  const log = makeRecordingLog();
  const nowMs = (): number => Date.now();
  const plugins = createPlugins({
    ...{ dataDir, pluginsDir, builtIn: [], ownConfig: {}, log, nowMs },
    path: given.path ?? process.env["PATH"] ?? "",
    sandbox: async () => given.sandbox ?? NO_SANDBOX,
    settings: openPluginSettings(pluginsDir),
    times: { startMs, pingMs, stopMs: 1_000 },
    backOff: { firstMs: 10, longestMs: 20 },
  });
  const kept = openScanStore(join(dataDir, "scans.db"), { log, nowMs });
  const store: ScanStore = {
    ...kept,
    persist(...found) {
      given.beforePersist?.();
      kept.persist(...found);
    },
  };
  const events = createEventBus(log, nowMs);
  const jobs = given.jobs ?? createLocalJobs();
  const queue = createScanQueue({
    ...{ jobs, isOn: given.isOn ?? true, plugins, store, nowMs, log, events },
    onLooked: (paths) => given.onLooked?.(paths),
    places: {
      async identify(path) {
        await given.beforePrepare?.();
        return identify(path);
      },
      beside: async () => given.beside ?? [],
      durationOf: async () => 100,
    },
    viewers: given.viewers ?? NO_VIEWERS,
    times: { versionMs: PATIENT_MS, scanMs, hookMs, restMs: PATIENT_MS, freshMs, settleMs },
  });
  return {
    ...{ queue, store, pluginsDir, plugins, events },
    fileId: (path) => fileIdOf(identify(path)),
    async scan(path) {
      queue.want(path);
      await queue.idle();
      const [job] = queue.jobs();
      if (job === undefined) throw new Error("no job");
      return job;
    },
    async [Symbol.asyncDispose]() {
      await jobs[Symbol.asyncDispose]();
      await queue[Symbol.asyncDispose]();
    },
  };
}
