import {
  toUpreelError,
  type EventSink,
  type FileIdentity,
  type Log,
  type ScanJob,
} from "@upreel/core";
import PQueue from "p-queue";
import type { Plugin } from "../host/plugin.ts";
import type { Plugins } from "../host/plugins.ts";
import { fileIdOf } from "../media-scan/file-id.ts";
import type { ScanTimes } from "../media-scan/scan-with.ts";
import type { FilmChapter } from "../media-scan/film-chapter.ts";
import type { ScanStore } from "../store/scan-store.ts";
import { prepareGroup, type FilmPlaces } from "./prepare-group.ts";
import { createRest } from "./rest-when-quiet.ts";
import { createSettling } from "./settling.ts";
import { runTask, type ScanTask } from "./run-task.ts";

/** Films that plugins look at, one after the other. */
export interface ScanQueue extends AsyncDisposable {
  /**
   * The film at `path`, with the season that it is of, is looked at when nothing else is done; one that was looked
   * at just now only where somebody `asks`: there may be another plugin by now.
   */
  want(path: string, how?: { readonly isAsked: boolean }): void;
  /** What is known of a file now. */
  chapters(file: FileIdentity): readonly FilmChapter[];
  /** The plugin that looks at the film now, or at the season that it is of. */
  lookingAt(path: string): string | undefined;
  /** The newest first. */
  jobs(): readonly ScanJob[];
  /** Plugins that were started for something else are ended, too, when they have nothing to do. */
  restSoon(): void;
  /** When the film at `path` does not wait any more. */
  settled(path: string): Promise<void>;
  /** When nothing waits. */
  idle(): Promise<void>;
}

export interface ScanQueueParts {
  readonly plugins: Plugins;
  readonly store: ScanStore;
  readonly places: FilmPlaces;
  /** Settles when no viewer needs the processor. */
  readonly untilIdle: (signal: AbortSignal) => Promise<void>;
  readonly times: ScanTimes & {
    /** Plugins without work are ended after so long. */
    readonly restMs: number;
    /** A film that was just looked at is not wanted again. */
    readonly freshMs: number;
    /** Who wants a film is about to watch it: what that needs begins first. */
    readonly settleMs: number;
  };
  readonly nowMs: () => number;
  readonly events: EventSink;
  readonly log: Pick<Log, "info" | "warn" | "debug">;
}

const MOST_WAITING = 500;
const MOST_REMEMBERED = 50;
const MOST_FRESH = 10_000;

export function createScanQueue(parts: ScanQueueParts): ScanQueue {
  const { plugins, store, places, times, nowMs, log, events } = parts;
  const queue = new PQueue({ concurrency: 1 });
  const closing = new AbortController();
  const { signal } = closing;
  const versions = new WeakMap<Plugin, string>();
  const pending = new Map<
    string,
    { readonly job: ScanJob; readonly done: PromiseWithResolvers<void> }
  >();
  const past: ScanJob[] = [];
  const doneAtMs = new Map<string, number>();
  const rest = createRest(() => plugins.rest(), {
    restMs: times.restMs,
    isQuiet: () => pending.size === 0 && !signal.aborted,
    warn: (thrown) => log.warn(toUpreelError(thrown).message),
  });
  let looking: { readonly plugin: string; readonly paths: readonly string[] } | undefined;

  async function run(job: ScanJob): Promise<void> {
    await parts.untilIdle(signal);
    signal.throwIfAborted();
    job.state = "running";
    const group = await prepareGroup(places, job.path, signal);
    job.films = group.files.length;
    const { usable } = await plugins.look();
    const paths = group.files.map(({ path }) => path);
    const able = usable.filter(
      ({ isOnAt, found }) =>
        isOnAt(paths[0] ?? "") && found.manifest.capabilities.includes("media-scan"),
    );
    for (const { plugin } of able) {
      await parts.untilIdle(signal);
      signal.throwIfAborted();
      const task: ScanTask = {
        ...{ plugin: plugin.id, state: "running", seconds: null, chapters: 0, fingerprints: 0 },
        ...{ skipped: {}, reason: null },
      };
      job.tasks.push(task);
      looking = { plugin: plugin.id, paths };
      await runTask({ store, times, nowMs, versions }, plugin, group, signal, task);
      logTask(log, job, task);
    }
    const isWhole = job.tasks.every(({ state }) => state !== "failed");
    job.state = isWhole ? "done" : "failed";
    if (!isWhole) return;
    if (doneAtMs.size > MOST_FRESH) doneAtMs.clear();
    for (const path of paths) doneAtMs.set(path, nowMs());
  }

  async function runSafely(job: ScanJob): Promise<void> {
    rest.callOff();
    try {
      await run(job);
    } catch (thrown) {
      if (signal.aborted) return;
      job.state = "failed";
      job.reason = toUpreelError(thrown).message;
      log.debug(`${job.path} is not looked at: ${job.reason}`);
    } finally {
      pending.get(job.path)?.done.resolve();
      pending.delete(job.path);
      if (!signal.aborted) tellDone(events, job);
      past.unshift(job);
      past.length = Math.min(past.length, MOST_REMEMBERED);
      looking = undefined;
      rest.soon();
    }
  }

  const begin = (job: ScanJob): void => void queue.add(() => runSafely(job));
  const settling = createSettling(times.settleMs, begin);

  return {
    want(path, { isAsked } = { isAsked: false }) {
      const atMs = doneAtMs.get(path);
      if (!isAsked && atMs !== undefined && nowMs() - atMs < times.freshMs) return;
      if (isAsked && settling.hurry(path)) return;
      if (signal.aborted || pending.has(path) || pending.size >= MOST_WAITING) return;
      const job: ScanJob = {
        ...{ path, state: "waiting", wanted_ms: nowMs(), films: null, tasks: [], reason: null },
      };
      pending.set(path, { job, done: Promise.withResolvers() });
      if (isAsked) begin(job);
      else settling.hold(job);
    },
    chapters: (file) => store.chapters(fileIdOf(file)),
    jobs: () => [...[...pending.values()].map(({ job }) => job).toReversed(), ...past],
    lookingAt: (path) => (looking?.paths.includes(path) === true ? looking.plugin : undefined),
    restSoon: () => rest.soon(),
    settled: async (path) => pending.get(path)?.done.promise,
    idle: () => queue.onIdle(),
    async [Symbol.asyncDispose]() {
      rest.callOff();
      settling[Symbol.dispose]();
      closing.abort(new Error("Upreel ends"));
      queue.clear();
      await queue.onIdle();
      await plugins[Symbol.asyncDispose]();
      store[Symbol.dispose]();
    },
  };
}

function logTask(log: ScanQueueParts["log"], { path, films }: ScanJob, task: ScanTask): void {
  const what = `${task.plugin} looked at ${films === 1 ? path : `${films} episodes beside ${path}`}`;
  if (task.state === "failed") log.warn(`Plugin ${task.plugin}: ${task.reason}`);
  else if (task.state === "done")
    log.info(`${what} in ${task.seconds?.toFixed(1)} s: ${task.chapters} intros and credits`);
}

/** Where nothing was looked at anew there is nothing to tell. */
function tellDone(events: ScanQueueParts["events"], { path, state, films, tasks }: ScanJob): void {
  if (state !== "done" && state !== "failed") return;
  if (tasks.every((task) => task.state === "known")) return;
  const chapters = tasks.reduce((sum, task) => sum + task.chapters, 0);
  events.tell({ name: "scan.done", path, state, films: films ?? 0, chapters });
}
