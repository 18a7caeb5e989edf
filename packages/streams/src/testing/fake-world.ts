import {
  PLAIN_SCALER,
  segmentCount,
  segmentFrames,
  type ModelSpec,
  type Output,
  type Reason,
  type RunEnd,
  type RunOrder,
  type Source,
  type StreamRecord,
  type Timeline,
} from "@upreel/core";
import {
  eventually,
  makeManualClock,
  makeRecord,
  makeRecordingLog,
  makeTimeline,
} from "@upreel/testkit";
import type {
  LadderRung,
  Plan,
  RunSummary,
  StreamFolder,
  WatchedRun,
  WorkerProgress,
  WorkerRun,
} from "../ports.ts";
import { createStreams } from "../streams.ts";
import type { OnStop, StreamEvent, Streams, TriggerRequest } from "../streams-api.ts";

/** For tests alone: everything around `createStreams`, by hand. */
export const NETWORK: ModelSpec = {
  id: "net",
  file: "/models/net.onnx",
  kind: "luma",
  pixelFormat: "yuv444p",
  scale: 2,
};

const OUTPUT: Output = {
  ...{ inputWidth: 64, inputHeight: 36, width: 128, height: 72 },
  ...{ encoder: "libx264", quality: 20, colour: {}, audio: { kind: "none" } },
};

const source = (path: string): Source => ({
  ...{ path, sizeBytes: 1, modifiedMs: 1, format: "matroska", durationSeconds: 10 },
  video: {
    ...{ index: 0, codec: "h264", pixelFormat: "yuv420p", bitDepth: 8, width: 64, height: 36 },
    ...{ sampleAspect: { num: 1, den: 1 }, rotation: 0, isInterlaced: false, colour: {} },
    isHdr: false,
  },
  ...{ audio: [], subtitles: [], chapters: [] },
});

/** 24 frames a second, `segments` segments of half a second. */
export const timelineOf = (segments: number): Timeline =>
  makeTimeline(12 * segments, { num: 24, den: 1 });
const TIMELINE = timelineOf(10);

export const film = (name: string): TriggerRequest => ({
  file: { path: `/films/${name}.mkv`, sizeBytes: 1, modifiedMs: 1 },
  title: name,
  profile: makeRecord().profile,
});

export class FakeFolder implements StreamFolder {
  readonly ready = new Set<number>();
  readonly saved: StreamRecord[] = [];
  readonly calls: string[] = [];
  readonly rejected = new Map<number, Reason>();
  readonly #listeners = new Set<(k: number) => void>();
  /** Waited for by `remove`. */
  removing: Promise<void> = Promise.resolve();
  isArchiveThere = true;
  timeline: Timeline | undefined;
  /** The newest one first: it has what an older one left to it. */
  readonly #watches: { readonly run: WatchedRun; readonly published: number[] }[] = [];
  /** Runs that make segments again. */
  readonly replacing = new Set<string>();

  get listenerCount(): number {
    return this.#listeners.size;
  }
  onPublished(listener: (k: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  publish(k: number): void {
    this.ready.add(k);
    const isOf = ({ fromSegment, toSegment }: WatchedRun): boolean =>
      k >= fromSegment && k < toSegment;
    this.#watches.find(({ run }) => isOf(run))?.published.push(k);
    for (const listener of this.#listeners) listener(k);
  }
  readonly wantedAtMs: undefined;
  noteWanted(): void {}
  whenReady(): Promise<void> {
    return Promise.resolve();
  }
  runFolder(runId: string): string {
    return `/runs/${runId}`;
  }
  watchRun(run: WatchedRun): { finish(end: RunEnd): Promise<RunSummary> } {
    const watch = { run, published: [] as number[] };
    this.#watches.unshift(watch);
    if (run.replaces === true) this.replacing.add(run.runId);
    return {
      finish: () => {
        const rejected = [...this.rejected].map(([segment, reason]) => ({ segment, reason }));
        this.rejected.clear();
        return Promise.resolve({ published: watch.published, rejected });
      },
    };
  }
  setTimeline(timeline: Timeline): Promise<void> {
    this.timeline = timeline;
    for (const k of this.ready) if (k >= segmentCount(timeline)) this.ready.delete(k);
    return this.#call("setTimeline");
  }
  endBroadcast(): Promise<void> {
    return this.#call("endBroadcast");
  }
  isOnAir(): boolean {
    return false;
  }
  restartBroadcast(startedAtMs: number): Promise<void> {
    return this.#call(`restartBroadcast ${startedAtMs}`);
  }
  save(record: StreamRecord): Promise<void> {
    this.saved.push(record);
    return Promise.resolve();
  }
  async makeArchive(): Promise<{ path: string; offsets: undefined }> {
    await this.#call("makeArchive");
    return { path: "/upscaled/film.ts", offsets: undefined };
  }
  hasArchive(): Promise<boolean> {
    return Promise.resolve(this.isArchiveThere);
  }
  locate(): never {
    throw new Error("not needed here");
  }
  async remove(): Promise<number> {
    this.calls.push("remove");
    await this.removing;
    this.calls.push("removed");
    return 7;
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.#call("dispose");
  }
  #call(name: string): Promise<void> {
    this.calls.push(name);
    return Promise.resolve();
  }
}

/** A run in a worker that does what the test says. */
export class FakeRun {
  readonly order: RunOrder;
  readonly folder: FakeFolder;
  readonly #onProgress: (progress: WorkerProgress) => void;
  readonly #ended = Promise.withResolvers<RunEnd>();
  readonly told: ("pause" | "resume" | "cancel")[] = [];
  /** Whether a cancel ends it at once. */
  obeysCancel = true;
  #frames = 0;
  #isOver = false;

  constructor(order: RunOrder, folder: FakeFolder, onProgress: (progress: WorkerProgress) => void) {
    this.order = order;
    this.folder = folder;
    this.#onProgress = onProgress;
  }
  get handle(): WorkerRun {
    return {
      pids: [1],
      ended: this.#ended.promise,
      pause: () => void this.told.push("pause"),
      resume: () => void this.told.push("resume"),
      cancel: () => {
        this.told.push("cancel");
        if (this.obeysCancel) this.end({ why: "cancelled", frames: this.#frames });
      },
    };
  }
  get isCancelled(): boolean {
    return this.told.includes("cancel");
  }
  /** Neither paused nor over. */
  get isWorking(): boolean {
    return !this.#isOver && !this.isCancelled && this.told.at(-1) !== "pause";
  }
  /** It makes segments again that are there. */
  get isReplacing(): boolean {
    return this.folder.replacing.has(this.order.runId);
  }
  progress(frames: number, fps = 24): void {
    this.#frames = frames;
    this.#onProgress({ frames, fps, saved: 0 });
  }
  end(end: RunEnd): void {
    this.#isOver = true;
    this.#ended.resolve(end);
  }
  fail(code: Reason["code"] = "worker_lost"): void {
    this.end({ why: "failed", frames: this.#frames, reason: { code, message: `it ${code}` } });
  }
  /** Makes its next segments, up to but without `to`. */
  publish(from: number, to: number, fps = 24): void {
    const { timeline, fromSegment } = this.order;
    for (let k = from; k < to; k++) {
      const done = segmentFrames(timeline, k).end - segmentFrames(timeline, fromSegment).first;
      this.progress(done, fps);
      this.folder.publish(k);
    }
  }
  finish(): void {
    const { fromSegment, toSegment } = this.order;
    this.publish(fromSegment, toSegment);
    this.end({ why: "finished", frames: this.#frames });
  }
}

export interface FakeWorld extends AsyncDisposable, Hooks {
  readonly streams: Streams;
  readonly clock: ReturnType<typeof makeManualClock>;
  readonly log: ReturnType<typeof makeRecordingLog>;
  readonly events: StreamEvent[];
  readonly runs: FakeRun[];
  readonly folders: Map<string, FakeFolder>;
  folder(id: string): FakeFolder;
  /** The run number `n` (from 0), once it is started. */
  run(n: number): Promise<FakeRun>;
  state(id: string, state: string): Promise<void>;
}

/** What a test may change: called before a run starts or a film is planned, and the plan's timeline. */
interface Hooks {
  beforeStart: (signal: AbortSignal) => Promise<void>;
  beforePlan: (signal: AbortSignal) => Promise<void>;
  timeline: Timeline;
}

export async function makeWorld({
  maxStreams = 1,
  onStop = "finish",
  remakes = true,
  ladder = [{ rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 10 }],
  recovered = [],
}: {
  readonly maxStreams?: number;
  readonly onStop?: OnStop;
  readonly remakes?: boolean;
  readonly ladder?: readonly LadderRung[];
  readonly recovered?: readonly { record: StreamRecord; folder: FakeFolder }[];
} = {}): Promise<FakeWorld> {
  const clock = makeManualClock();
  const log = makeRecordingLog();
  const runs: FakeRun[] = [];
  const folders = new Map(recovered.map(({ record, folder }) => [record.id, folder]));
  const events: StreamEvent[] = [];
  const hooks: Hooks = {
    beforeStart: () => Promise.resolve(),
    beforePlan: () => Promise.resolve(),
    timeline: TIMELINE,
  };
  const folderOf = (path: string): FakeFolder => {
    const found = [...folders].find(([, { saved }]) => saved.at(-1)?.file.path === path)?.[1];
    if (found === undefined) throw new Error(`no folder for ${path}`);
    return found;
  };
  const streams = await createStreams(
    {
      clock,
      log,
      folders: {
        recover: () => Promise.resolve(recovered),
        create: (record) => {
          const folder = new FakeFolder();
          folder.saved.push(record);
          folders.set(record.id, folder);
          return Promise.resolve(folder);
        },
      },
      planner: {
        async plan(file, _, signal): Promise<Plan> {
          await hooks.beforePlan(signal);
          return { source: source(file.path), timeline: hooks.timeline, output: OUTPUT, ladder };
        },
        ladderFor: () => Promise.resolve(ladder),
      },
      workers: {
        async start(order, onProgress, signal) {
          await hooks.beforeStart(signal);
          const run = new FakeRun(order, folderOf(order.source.path), onProgress);
          runs.push(run);
          return run.handle;
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
    },
    { maxStreams, onStop, remakes, lookEveryMs: 20, secret: new Uint8Array(32) },
  );
  streams.subscribe((event) => events.push(event));
  return Object.assign(hooks, {
    streams,
    clock,
    log,
    events,
    runs,
    folders,
    folder(id: string) {
      const folder = folders.get(id);
      if (folder === undefined) throw new Error(`no folder ${id}`);
      return folder;
    },
    run: (n: number) =>
      eventually(`run ${n}`, () =>
        // Known to the stream, too: a run is told of by its status.
        runs[n] !== undefined &&
        streams.list().some(({ state }) => state === "running" || state === "paused")
          ? runs[n]
          : undefined,
      ),
    state: async (id: string, state: string) => {
      await eventually(`${id} is ${state}`, () => streams.status(id).state === state, 2_000);
    },
    [Symbol.asyncDispose]: () => streams[Symbol.asyncDispose](),
  });
}

export const plannedRecord = (change: Partial<StreamRecord> = {}): StreamRecord => {
  const record = makeRecord(change);
  return { source: source(record.file.path), timeline: TIMELINE, output: OUTPUT, ...record };
};
