import {
  scanJobSchema,
  toUpreelError,
  type EventSink,
  type FileIdentity,
  type FilmFacts,
  type JobInHand,
  type JobKind,
  type Jobs,
  type Log,
  type ScanJob,
} from "@upreel/core";
import type { Plugins } from "../host/plugins.ts";
import { fileIdOf } from "../media-scan/file-id.ts";
import { readFacts } from "../store/read-facts.ts";
import type { ScanTimes } from "../media-scan/scan-with.ts";
import type { FilmChapter } from "../media-scan/film-chapter.ts";
import type { ScanStore } from "../store/scan-store.ts";
import { createLooker } from "./looker.ts";
import type { FilmPlaces } from "./prepare-group.ts";
import { createRest } from "./rest-when-quiet.ts";
import { followScans, newScan, wishSchema, type Wish } from "./seen-scans.ts";

/** Films that plugins look at, one after the other. */
export interface ScanQueue extends AsyncDisposable {
  /**
   * The film at `path`, with the season that it is of, is looked at when nothing else is done; one that was looked
   * at just now only where somebody `asks`: there may be another plugin by now.
   */
  want(path: string, how?: { readonly isAsked: boolean }): void;
  /** What is known of a file now. */
  chapters(file: FileIdentity): readonly FilmChapter[];
  /** The same of what the planner goes by. */
  facts(file: FileIdentity): FilmFacts | undefined;
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

/** Who comes before plugins on this machine. */
export interface Viewers {
  /** They need the processor now. */
  needProcessor(): boolean;
  /** Settles when they do not, and when `signal` aborts. */
  untilIdle(signal: AbortSignal): Promise<void>;
}

export interface ScanQueueParts {
  readonly jobs: Jobs;
  /** Films are looked at without being asked for. */
  readonly isOn: boolean;
  readonly plugins: Plugins;
  readonly store: ScanStore;
  readonly places: FilmPlaces;
  readonly viewers: Viewers;
  readonly times: ScanTimes & {
    /** A hook has so long. */
    readonly hookMs: number;
    /** Plugins without work are ended after so long. */
    readonly restMs: number;
    /** A film that was just looked at is not wanted again. */
    readonly freshMs: number;
    /** Who wants a film is about to watch it: what that needs begins first. */
    readonly settleMs: number;
  };
  readonly nowMs: () => number;
  readonly events: EventSink;
  /** Plugins have looked at these films; what they found is stored. */
  readonly onLooked?: (paths: readonly string[]) => void;
  readonly log: Pick<Log, "info" | "warn" | "debug">;
}

const MOST_WAITING = 500;
const MOST_FRESH = 10_000;

/** A plugin that fails is not tried again by itself: the next one who wants the film does. */
const SCANS: JobKind<Wish, ScanJob, ScanJob> = {
  name: "scan",
  data: wishSchema,
  progress: scanJobSchema,
  result: scanJobSchema,
  // Two would read the same disk, and write to the same database.
  ...{ atATime: 1, atATimeInAll: 1, tries: 1, backOffMs: 0, isWorthAgain: () => false },
};

export function createScanQueue(parts: ScanQueueParts): ScanQueue {
  const { plugins, store, times, nowMs, log } = parts;
  const queue = parts.jobs.open(SCANS);
  const closing = new AbortController();
  const seen = followScans(queue, nowMs, () => rest.soon());
  const doneAtMs = new Map<string, number>();
  const rest = createRest(() => plugins.rest(), {
    restMs: times.restMs,
    isQuiet: () => seen.waiting() === 0 && !closing.signal.aborted,
    warn: (thrown) => log.warn(toUpreelError(thrown).message),
  });
  const looker = createLooker(parts, closing.signal);
  let running: Promise<unknown> = Promise.resolve();

  async function look({ data, signal, tell }: JobInHand<Wish, ScanJob>): Promise<ScanJob> {
    rest.callOff();
    const either = AbortSignal.any([signal, closing.signal]);
    const { job, paths } = await looker.look(newScan(data), either, tell);
    parts.onLooked?.(paths);
    if (job.state !== "done") return job;
    if (doneAtMs.size > MOST_FRESH) doneAtMs.clear();
    for (const path of paths) doneAtMs.set(path, nowMs());
    return job;
  }

  async function begin(): Promise<void> {
    const startedMs = nowMs();
    // Wanted before scans were switched off.
    if (!parts.isOn)
      for (const { id, state, data } of await queue.list())
        if (state === "waiting" && data.wantedMs < startedMs) await queue.cancel(id);
    queue.work((job) => {
      const looking = look(job);
      running = looking.catch(() => undefined);
      return looking;
    });
  }

  begin().catch((thrown: unknown) => log.warn(toUpreelError(thrown).message));

  return {
    want(path, { isAsked } = { isAsked: false }) {
      const atMs = doneAtMs.get(path);
      if (!isAsked && atMs !== undefined && nowMs() - atMs < times.freshMs) return;
      if (closing.signal.aborted || (!isAsked && seen.has(path))) return;
      if (!seen.has(path) && seen.waiting() >= MOST_WAITING) return;
      const wish = { path, wantedMs: nowMs() };
      const delayMs = isAsked ? 0 : times.settleMs;
      seen.expect(newScan(wish), delayMs > 0);
      queue
        .add(path, wish, { priority: isAsked ? "asked" : "idle", delayMs })
        .catch((thrown: unknown) => seen.forget(path, toUpreelError(thrown).message));
    },
    chapters: (file) => store.chapters(fileIdOf(file)),
    facts: (file) => readFacts(store, fileIdOf(file)),
    jobs: () => seen.jobs(),
    lookingAt: (path) => looker.lookingAt(path),
    restSoon: () => rest.soon(),
    settled: (path) => seen.settled(path),
    idle: () => seen.idle(),
    async [Symbol.asyncDispose]() {
      rest.callOff();
      closing.abort(new Error("Upreel ends"));
      await running;
      await plugins[Symbol.asyncDispose]();
      store[Symbol.dispose]();
    },
  };
}
