import {
  PLAIN_SCALER,
  type Leases,
  type Offer,
  type RecoveredStream,
  type StreamFolders,
  type StreamRecord,
} from "@upreel/core";
import { eventually, makeManualClock, makeRecordingLog } from "@upreel/testkit";
import type { LadderRung, SpeedAt } from "../ports.ts";
import { createStreams } from "../streams.ts";
import type { OnStop, StreamEvent, Streams } from "../streams-api.ts";
import { FakeFolder } from "./fake-folder.ts";
import { fakePlanner } from "./fake-planner.ts";
import { FakeRun } from "./fake-run.ts";
import { makeOffers } from "./make-offers.ts";
import { usualHooks, type Hooks } from "./world-hooks.ts";

/** For tests alone: everything around `createStreams`, by hand. */
export interface FakeWorld extends AsyncDisposable, Hooks {
  readonly streams: Streams;
  readonly clock: ReturnType<typeof makeManualClock>;
  readonly log: ReturnType<typeof makeRecordingLog>;
  readonly events: StreamEvent[];
  /** What was noted of runs. */
  readonly speeds: [model: string, fps: number][];
  readonly runs: FakeRun[];
  readonly folders: Map<string, FakeFolder>;
  folder(id: string): FakeFolder;
  /** The run number `n` (from 0), once it is started. */
  run(n: number): Promise<FakeRun>;
  state(id: string, state: string): Promise<void>;
}

const findAtOnce =
  (recovered: readonly RecoveredStream[]): StreamFolders["recover"] =>
  async (onFound) => {
    for (const each of recovered) onFound?.(each);
    return recovered;
  };

export async function makeWorld({
  maxStreams = 1,
  maxQueued = 100,
  onStop = "finish",
  remakes = true,
  ladder = [{ rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 10 }],
  recovered = [],
  shared,
  wallAheadMs = () => 0,
  offers = () => makeOffers(maxStreams),
  speedAt,
}: {
  readonly wallAheadMs?: () => number;
  readonly offers?: () => readonly Offer[];
  readonly speedAt?: SpeedAt;
  readonly maxStreams?: number;
  readonly maxQueued?: number;
  readonly onStop?: OnStop;
  readonly remakes?: boolean;
  readonly ladder?: readonly LadderRung[];
  readonly recovered?: readonly { record: StreamRecord; folder: FakeFolder }[];
  /** Other gateways, and what is found when it is looked for their streams. */
  readonly shared?: { readonly leases: Leases } & Partial<Pick<StreamFolders, "recover" | "reach">>;
} = {}): Promise<FakeWorld> {
  const clock = makeManualClock();
  const log = makeRecordingLog();
  const runs: FakeRun[] = [];
  const folders = new Map(recovered.map(({ record, folder }) => [record.id, folder]));
  const events: StreamEvent[] = [];
  const hooks = usualHooks();
  const speeds: [model: string, fps: number][] = [];
  const folderOf = (path: string): FakeFolder => {
    const found = [...folders].find(([, { saved }]) => saved.at(-1)?.file.path === path)?.[1];
    if (found === undefined) throw new Error(`no folder for ${path}`);
    return found;
  };
  const streams = await createStreams(
    {
      ...{ clock: { nowMs: () => clock.nowMs() + wallAheadMs() }, steadyClock: clock },
      ...{ log, leases: shared?.leases },
      speeds: { note: ({ model }, _, fps) => void speeds.push([model.id, fps]) },
      folders: {
        recover: shared?.recover ?? findAtOnce(recovered),
        create: (record) => {
          const folder = new FakeFolder();
          folder.saved.push(record);
          folders.set(record.id, folder);
          return Promise.resolve(folder);
        },
        reach: (id) => shared?.reach?.(id) ?? Promise.resolve({ kind: "none" }),
        letGo: async (id) => shared?.leases.release(id),
      },
      planner: fakePlanner(hooks, ladder),
      prove: (film, signal) => hooks.prove(film, signal),
      speedAt,
      sources: {
        lookAgain: (file) => hooks.lookAgain(file),
        tryToRead: () => hooks.tryToRead(),
      },
      workers: {
        offers,
        isReady: () => hooks.isReady,
        async start(order, onProgress, signal) {
          await hooks.beforeStart(signal);
          const run = new FakeRun(order, folderOf(order.source.path), onProgress);
          runs.push(run);
          return run.handle;
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
    },
    { maxQueued, onStop, remakes, lookEveryMs: 20, secret: new Uint8Array(32) },
  );
  streams.subscribe((event) => events.push(event));
  return Object.assign(hooks, {
    ...{ streams, clock, log, events },
    speeds,
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
      await eventually(`${id} is ${state}`, () => streams.status(id).state === state);
    },
    [Symbol.asyncDispose]: () => streams[Symbol.asyncDispose](),
  });
}
