import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import {
  FARM_PROTOCOLS,
  machineOfWorker,
  type FarmReport,
  type Offer,
  type RunOrder,
} from "@upreel/core";
import { createFarm, type FarmLink } from "@upreel/workers";
import { makeManualClock, makeSegmentBytes, pictureTimes } from "@upreel/testkit";
import { inspectSegment } from "@upreel/watcher";
import { createDispatcher } from "../packages/streams/src/dispatcher.ts";
import type { LiveRun } from "../packages/streams/src/need.ts";
import { timeHelp } from "./farm-help.ts";
import { needsOf } from "../packages/streams/src/needs.ts";
import type { Stream, StreamRun } from "../packages/streams/src/stream-api.ts";
import { makeFarmOrder } from "../packages/workers/src/farm/testing/make-farm-order.ts";

/**
 * `node scripts/farm-scale.ts [--workers 10,100,1000] [--viewers-each 10]`: what one gateway computes and carries
 * for so many workers and viewers, by what its own parts take of this machine's processor. Workers, viewers and films are
 * made up as `MODEL` says; what follows from it is told in docs/farm.md.
 */
const { values } = parseArgs({
  options: {
    workers: { type: "string", default: "1,10,100,1000" },
    "viewers-each": { type: "string", default: "10" },
  },
});

/** Of the model: what people and films are like. */
const MODEL = {
  segmentSeconds: 2,
  /** Film seconds a second that one worker makes. */
  speed: 1.5,
  /** Mbit/s of the source and of the upscaled film. */
  ...{ sourceMbit: 5, filmMbit: 8 },
  /** Messages of a worker in a second: a beat, and four reports of its run. */
  ...{ beats: 1, reports: 4 },
};
const LEAST_MS = 500;

/** Milliseconds of processor that one call of `work` takes, whatever else runs beside it; called for half a second. */
function time(work: () => void): number {
  work();
  const before = process.cpuUsage();
  const spentMs = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  let times = 0;
  while (times < 3 || spentMs() < LEAST_MS) {
    work();
    times += 1;
  }
  return spentMs() / times;
}

/** Streams that somebody watches, each with what it needs next; as many runs as there are places. */
function timeDispatch(workers: number, films: number): number {
  const offers: Offer[] = Array.from({ length: workers }, (_, n) => ({
    ...{ id: `w${n}`, machine: machineOfWorker(`w${n}`), providers: ["cpu"], cores: 8 },
    ...{ speeds: [], encoders: ["libx264"] },
  }));
  const streams = Array.from({ length: films }, (_, order) => fakeStream(`s${order}`, order));
  const dispatcher = createDispatcher(() => streams, {
    ...{ clock: makeManualClock(), workers: { offers: () => offers, isReady: () => true } },
  });
  dispatcher.dispatch();
  return time(() => dispatcher.dispatch());
}

/** A film of two hours: five viewers who are some seconds behind what is made, and one run at most. */
function fakeStream(id: string, order: number): Stream {
  const timeline = {
    zeroMicros: 0,
    rate: { num: 24, den: 1 },
    frameCount: 172_800,
    framesPerSegment: 48,
  };
  const made = 100 + (order % 3_000);
  const ready = new Set(Array.from({ length: made }, (_, k) => k));
  const viewers = Array.from({ length: 5 }, (_, n) => ({
    seconds: 2 * made - 15 - (((order + n) * 7) % 60),
    ...{ lastAsked: undefined, plays: "stream" as const, isPaused: false },
  }));
  let run: StreamRun | undefined;
  const stream: Partial<Stream> = {
    id,
    runs: () => (run === undefined ? [] : [run]),
    needs: () =>
      needsOf({
        ...{ stream: id, order, priority: "viewer", timeline, ready, viewers, startSeconds: 3 },
        ...{ isPlanning: false, isViewerExpected: false, wanted: 0, remakes: undefined },
        ...{ preparedFrom: undefined, expectedFps: 36, runs: run === undefined ? [] : [run.live] },
      }),
    speedAt: () => MODEL.speed,
    helpFor: () => () => ({ isNone: true, needFor: () => undefined, aheadFor: () => undefined }),
    moveAhead: () => undefined,
    hedgeAt: () => undefined,
    giveUpPlaces: () => undefined,
    take([given]) {
      if (given === undefined || run !== undefined) return;
      const pace = { frame: 48 * made, fps: 36 };
      const live: LiveRun = {
        ...{ id, kind: "make", machine: given.machine, next: made, to: 3_600 },
        ...{ pace, phase: "working" },
      };
      // Of a run nothing else is asked when places are given.
      run = { live } as StreamRun;
    },
  };
  return stream as Stream;
}

/** A beat and a report of a worker's run, as they are read from its connection. */
async function timeMessages(): Promise<{ readonly beat: number; readonly report: number }> {
  using farm = createFarm({
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    ...{ nowMs: () => performance.now(), mayWork: () => "yes", limitsOf: () => ({}) },
    ...{ onPresence: () => {}, segments: { accept: async () => {} } },
  });
  const link: FarmLink = {
    ...{ send: () => {}, close: () => {}, onText: () => {}, onClosed: () => {} },
  };
  farm.join("pc", link);
  const say = (report: FarmReport): void => link.onText(JSON.stringify(report));
  say({
    ...{ type: "hello", protocols: [...FARM_PROTOCOLS] },
    facts: { version: "1", platform: "x", cpu: "x", cores: 8, memoryBytes: 1, gpus: [] },
    offer: { places: 1, providers: ["cpu"], encoders: ["libx264"], cores: 8, speeds: [] },
  });
  const order: RunOrder = makeFarmOrder({ machine: machineOfWorker("pc") });
  void farm.start(order, () => {}, new AbortController().signal);
  await Promise.resolve();
  const report: FarmReport = {
    ...{ type: "progress", runId: order.runId, frames: 10, fps: 30, saved: 0.1 },
    ...{ rungs: [], refused: [] },
  };
  return {
    beat: time(() => say({ type: "beat", isInUse: false })),
    report: time(() => say(report)),
  };
}

/** A segment's sum, and the look at it, as of one that has just come. */
function timeSegment(): number {
  const pictures = MODEL.segmentSeconds * 24;
  const pictureBytes = Math.floor((MODEL.filmMbit * 1e6 * MODEL.segmentSeconds) / 8 / pictures);
  const bytes = makeSegmentBytes({ times: pictureTimes(0, pictures), pictureBytes });
  return time(() => {
    createHash("sha256").update(bytes).digest("hex");
    inspectSegment(bytes);
  });
}

const messages = await timeMessages();
const segmentMs = timeSegment();
console.log(
  `one beat ${(1e3 * messages.beat).toFixed(0)} µs, one report ${(1e3 * messages.report).toFixed(0)} µs, one segment ${segmentMs.toFixed(1)} ms\n`,
);
const each = Number(values["viewers-each"]);
console.log(
  "| workers | viewers | one dispatch, ms | dispatches a second that fit in half a core | segments a second | segments, of a core | messages, of a core | workers' line, Gbit/s | viewers' line, Gbit/s |",
);
console.log("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
for (const workers of values.workers.split(",").map(Number)) {
  const viewers = workers * each;
  const { speed, segmentSeconds, sourceMbit, filmMbit, beats, reports } = MODEL;
  // As many films as can be watched while they are made, and as many that wait for their turn.
  const dispatchMs = timeDispatch(workers, 2 * workers);
  const segments = (workers * speed) / segmentSeconds;
  const told = (workers * (beats * messages.beat + reports * messages.report)) / 1_000;
  const cells = [
    ...[String(workers), String(viewers), dispatchMs.toFixed(2), (500 / dispatchMs).toFixed(0)],
    ...[segments.toFixed(0), ((segments * segmentMs) / 1_000).toFixed(2), told.toFixed(2)],
    ((workers * speed * (sourceMbit + filmMbit)) / 1_000).toFixed(2),
    ((viewers * filmMbit) / 1_000).toFixed(2),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

console.log(
  "\n| machines | giving help: all idle, one film, ms | half of them idle, films that end soon, ms |",
);
console.log("| ---: | ---: | ---: |");
for (const workers of values.workers.split(",").map(Number)) {
  const half = Math.max(1, Math.floor(workers / 2));
  // Code that runs for the first time takes more.
  timeHelp(2, 1, 100);
  const cells = [timeHelp(workers, 1, 3_600), timeHelp(half, half, 6)].map((ms) => ms.toFixed(1));
  console.log(`| ${[workers, ...cells].join(" | ")} |`);
}
