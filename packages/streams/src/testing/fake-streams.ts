import { appendFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  told,
  UpreelError,
  segmentFileName,
  type StreamView,
  type StreamFolder,
} from "@upreel/core";
import type { StreamEvent, Streams, TriggerRequest, TriggerResult } from "@upreel/streams";
import { makeMemoryRecords, type MemoryRecords } from "@upreel/testkit";

/** Streams by hand: tests decide what state they are in and when a segment is there. */
export interface FakeStreams extends Streams {
  /** What is told of the streams as saved. */
  readonly records: MemoryRecords;
  readonly triggered: TriggerRequest[];
  readonly asked: { id: string; segment: number; client: string }[];
  readonly calls: string[];
  /** Where viewers are, by stream and name: "abc tv". */
  readonly viewersAt: Map<string, number>;
  /** Streams whose want was noted. */
  readonly wanted: string[];
  /** Called once, when a segment was located and is not opened yet. */
  afterLocate: (() => Promise<void>) | undefined;
  /** What the next trigger answers. */
  nextResult: TriggerResult;
  put(status: Partial<StreamView> & { id: string }): StreamView;
  publish(id: string, segment: number, content: Buffer): Promise<void>;
  /** What is published becomes slices of the file `path`. */
  archive(id: string, path: string): Promise<void>;
  writeStreamFile(id: string, name: string, content: string): Promise<void>;
  listenerCount(): number;
  waiterCount(id: string): number;
}

const BLANK: StreamView = {
  id: "",
  title: "Film",
  state: "running",
  framesDone: 0,
  framesTotal: 480,
  ratio: 0,
  speed: 1.2,
  fps: 30,
  saved: 0.25,
  stages: undefined,
  etaSeconds: 10,
  leadSeconds: 0,
  priority: "viewer",
  pinned: false,
  viewers: 0,
  viewersWaiting: 0,
  expectedSpeed: undefined,
  firstStallSeconds: undefined,
  advice: undefined,
  adviceTold: undefined,
  ready: false,
  segmentsReady: 0,
  segmentsTotal: 10,
  segmentsRemade: 0,
  readyRanges: [],
  makingRanges: [],
  workers: [],
  model: "fast",
  provider: "cpu",
  modelReason: [told("rung_best_live")],
  encoder: "libx264",
  width: 1280,
  height: 720,
  hdr: undefined,
  scan: undefined,
  durationSeconds: 20,
  isGrowing: false,
  reason: undefined,
  file: undefined,
};

interface Slice {
  readonly start: number;
  readonly length: number;
}

interface Entry {
  status: StreamView;
  archive: { readonly path: string; readonly slices: ReadonlyMap<number, Slice> } | undefined;
  readonly ready: Set<number>;
  /** Who is told of published segments, and of live playlists. */
  readonly waiters: Set<() => void>;
  readonly readers: Set<() => void>;
}

export function createFakeStreams(dataDir: string): FakeStreams {
  const entries = new Map<string, Entry>();
  const listeners = new Set<(event: StreamEvent) => void>();
  const emit = (event: StreamEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const find = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined) throw new UpreelError("stream_not_found", `no stream ${id}`);
    return entry;
  };
  const folderOf = (id: string): string => join(dataDir, "streams", id);
  const notFaked = (): never => {
    throw new Error("not faked");
  };

  const fake: FakeStreams = {
    records: makeMemoryRecords(),
    triggered: [],
    asked: [],
    calls: [],
    viewersAt: new Map(),
    wanted: [],
    afterLocate: undefined,
    nextResult: { status: "started", id: "abc", archive: undefined },
    async trigger(request) {
      fake.triggered.push(request);
      if (!entries.has(fake.nextResult.id)) fake.put({ id: fake.nextResult.id });
      return fake.nextResult;
    },
    async prepare({ file }, fromSeconds) {
      fake.calls.push(`prepare ${file.path} from ${fromSeconds}`);
      return fake.nextResult.id;
    },
    dropPrepared: async (id) => void fake.calls.push(`drop ${id}`),
    status: (id) => find(id).status,
    find: ({ file }) =>
      [...entries.values()].find(({ status }) => status.title === file.path)?.status,
    get: (id) => entries.get(id)?.status,
    has: (id) => entries.has(id),
    list: () => [...entries.values()].map(({ status }) => status),
    ids: () => [...entries.keys()],
    async pause(id) {
      fake.put({ ...find(id).status, state: "paused" });
      fake.calls.push(`pause ${id}`);
    },
    async resume(id, priority) {
      const { status } = find(id);
      fake.put({ ...status, state: "running", priority: priority ?? status.priority });
      fake.calls.push(`resume ${id}${priority === undefined ? "" : ` in the ${priority}`}`);
    },
    async cancel(id) {
      fake.put({ ...find(id).status, state: "cancelled" });
      fake.calls.push(`cancel ${id}`);
    },
    holdBackground: () => undefined,
    async setPinned(id, isPinned) {
      fake.put({ ...find(id).status, pinned: isPinned });
    },
    async remove(id) {
      find(id);
      // Its files are deleted now.
      await setImmediate();
      entries.delete(id);
      fake.records.forget(id);
      emit({ type: "removed", id });
      return 1234;
    },
    async folder(id) {
      const { ready, waiters, readers } = find(id);
      const listen = (listeners: Set<() => void>, listener: () => void): (() => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      };
      return {
        ready,
        wantedAtMs: undefined,
        noteWanted: () => void fake.wanted.push(id),
        onPublished: (listener) => listen(waiters, () => listener(0)),
        onListed: (listener) => listen(readers, listener),
        watchRun: notFaked,
        setTimeline: notFaked,
        discardFrom: notFaked,
        endBroadcast: notFaked,
        isOnAir: notFaked,
        restartBroadcast: notFaked,
        isBroadcastOver: false,
        save: notFaked,
        makeArchive: notFaked,
        hasArchive: notFaked,
        async locate(segment) {
          const archive = find(id).archive;
          const path = join(folderOf(id), "segments", segmentFileName(segment));
          const slice = archive?.slices.get(segment) ?? { start: 0, length: -1 };
          const { size, mtimeMs } = await stat(archive?.path ?? path);
          const length = archive === undefined ? size : slice.length;
          const { afterLocate } = fake;
          fake.afterLocate = undefined;
          await afterLocate?.();
          return { path: archive?.path ?? path, start: slice.start, length, modifiedMs: mtimeMs };
        },
        remove: notFaked,
        [Symbol.asyncDispose]: async () => undefined,
      } satisfies StreamFolder;
    },
    noteAsked: (id, segment, client) => void fake.asked.push({ id, segment, client }),
    reportPlayhead(id, viewer, seconds, isPaused, plays) {
      find(id);
      const what = plays === "original" ? " beside the original" : "";
      fake.calls.push(`${viewer} at ${seconds} of ${id}${what}${isPaused ? ", paused" : ""}`);
    },
    viewerSeconds: (id, viewer) => fake.viewersAt.get(`${id} ${viewer}`),
    viewerLeft(id, viewer) {
      find(id);
      fake.calls.push(`${viewer} left ${id}`);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    [Symbol.asyncDispose]: async () => undefined,

    put(status) {
      const entry = entries.get(status.id) ?? {
        status: BLANK,
        archive: undefined,
        ready: new Set<number>(),
        waiters: new Set<() => void>(),
        readers: new Set<() => void>(),
      };
      entry.status = { ...entry.status, ...status };
      entries.set(status.id, entry);
      emit({ type: "status", status: entry.status });
      return entry.status;
    },
    async publish(id, segment, content) {
      const { ready, waiters } = find(id);
      await mkdir(join(folderOf(id), "segments"), { recursive: true });
      await writeFile(join(folderOf(id), "segments", segmentFileName(segment)), content);
      ready.add(segment);
      for (const listener of waiters) listener();
    },
    async archive(id, path) {
      const folder = join(folderOf(id), "segments");
      const slices = new Map<number, Slice>();
      let start = 0;
      for (const k of [...find(id).ready].toSorted((a, b) => a - b)) {
        const bytes = await readFile(join(folder, segmentFileName(k)));
        await appendFile(path, bytes);
        slices.set(k, { start, length: bytes.length });
        start += bytes.length;
      }
      find(id).archive = { path, slices };
      await rm(folder, { recursive: true });
      fake.put({ id, state: "complete", file: path });
    },
    async writeStreamFile(id, name, content) {
      await mkdir(folderOf(id), { recursive: true });
      await writeFile(join(folderOf(id), name), content);
      for (const listener of entries.get(id)?.readers ?? []) listener();
    },
    listenerCount: () => listeners.size,
    waiterCount: (id) => find(id).waiters.size,
  };
  return fake;
}
