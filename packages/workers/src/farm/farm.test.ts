import {
  farmCommandSchema,
  FARM_PROTOCOLS,
  type FarmCommand,
  type FarmReport,
  type RunEnd,
  type WorkerLimits,
} from "@upreel/core";
import type { WorkerProgress } from "@upreel/streams";
import { makeRandom, makeRecordingLog } from "@upreel/testkit";
import { expect, it, onTestFinished, vi } from "vitest";
import { createFarm } from "./farm.ts";
import type { FarmLink } from "./farm-link.ts";
import { makeFarmOrder } from "./testing/make-farm-order.ts";

const HELLO: Extract<FarmReport, { type: "hello" }> = {
  type: "hello",
  protocols: [...FARM_PROTOCOLS],
  facts: {
    ...{ version: "1", platform: "linux x64", cpu: "Some CPU", cores: 8, memoryBytes: 1e9 },
    gpus: ["NVIDIA /dev/nvidia0"],
  },
  offer: { places: 2, providers: ["cpu"], encoders: ["libx264"], cores: 8, speeds: [] },
};

function makeFarm() {
  let nowMs = 0;
  const accepted: string[] = [];
  const presence: string[] = [];
  const log = makeRecordingLog();
  let work: "yes" | "draining" = "yes";
  let limits: WorkerLimits = {};
  let refusal: Error | undefined;
  let whileLooked = (): void => undefined;
  const farm = createFarm({
    log,
    nowMs: () => nowMs,
    mayWork: () => work,
    limitsOf: () => limits,
    onPresence: (name, isHere) => void presence.push(`${name} ${isHere ? "came" : "went"}`),
    segments: {
      async accept({ streamId, runId }, segment, bytes) {
        whileLooked();
        if (refusal !== undefined) throw refusal;
        accepted.push(`${streamId}/${runId}/${segment}: ${bytes.length}`);
      },
    },
  });
  onTestFinished(() => farm[Symbol.dispose]());
  const heard: WorkerProgress[] = [];
  const join = (name: string) => {
    const told: FarmCommand[] = [];
    let closed: string | undefined;
    const link: FarmLink = {
      send: (text) => void told.push(farmCommandSchema.parse(JSON.parse(text))),
      close: (why) => void (closed ??= why),
      onText: () => undefined,
      onClosed: () => undefined,
    };
    farm.join(name, link);
    return {
      told,
      closed: () => closed,
      text: (text: string) => link.onText(text),
      say: (report: FarmReport) => link.onText(JSON.stringify(report)),
      hangUp: () => link.onClosed("gone"),
    };
  };
  return {
    ...{ farm, accepted, heard, presence, log, join },
    drain: () => (work = "draining"),
    limit: (change: WorkerLimits) => (limits = change),
    refuse: (error: Error | undefined) => (refusal = error),
    /** What happens while a segment is looked at. */
    whileLooked: (act: () => void) => (whileLooked = act),
    pass: (ms: number) => {
      for (let left = ms; left > 0; left -= 500) {
        nowMs += 500;
        vi.advanceTimersByTime(500);
      }
    },
    begin: async (worker: ReturnType<typeof join>, runId = "r1", name = "pc") => {
      const { signal } = new AbortController();
      const order = makeFarmOrder({ runId, machine: `farm:${name}` });
      const starting = farm.start(order, (progress) => void heard.push(progress), signal);
      worker.say({ type: "working", runId });
      const run = await starting;
      const state: { end?: RunEnd } = {};
      void run.ended.then((end) => (state.end = end));
      return { run, state };
    },
  };
}

it("offers the places of who said hello, and shows out who says anything else first", () => {
  const { farm, join } = makeFarm();
  const good = join("pc");
  expect(farm.offers()).toEqual([]);
  good.say(HELLO);
  expect(farm.offers().map(({ id, machine }) => [id, machine])).toEqual([
    ["farm:pc/0", "farm:pc"],
    ["farm:pc/1", "farm:pc"],
  ]);
  expect(good.told).toEqual([{ type: "welcome", protocol: 2, name: "pc" }]);
  const early = join("other");
  early.say({ type: "beat" });
  expect(early.closed()).toMatch(/hello/);
  good.say(HELLO);
  expect(good.closed()).toMatch(/once/);
  expect(farm.offers()).toEqual([]);
});

it("takes all places that MAX_STREAMS lets a worker have", () => {
  const { farm, join } = makeFarm();
  join("pc").say({ ...HELLO, offer: { ...HELLO.offer, places: 64 } });
  expect(farm.offers()).toHaveLength(64);
});

it("shows what a worker's own doctor found, until it does something wrong itself", () => {
  const { farm, join } = makeFarm();
  const problems = ["Only 2 GB are free in its data folder"];
  join("pc").say({ ...HELLO, facts: { ...HELLO.facts, problems } });
  expect(farm.see("pc").problem).toBe(problems[0]);
});

it("gives a worker no more than its limits, and nothing while its owner uses it", async () => {
  const { farm, join, begin, limit } = makeFarm();
  const worker = join("pc");
  worker.say(HELLO);
  limit({ streams: 1, weight: 0.5 });
  expect(farm.offers().map(({ weight }) => weight)).toEqual([0.5]);
  const { state } = await begin(worker);
  worker.say({ type: "beat", isInUse: true, gpuCelsius: 71 });
  expect(farm.offers()).toHaveLength(1);
  expect(farm.see("pc").gpu_celsius).toBe(71);
  limit({ whileInUse: false });
  expect(farm.offers()).toEqual([]);
  expect(farm.see("pc")).toMatchObject({ state: "in_use", limits: { while_in_use: false } });
  expect(state.end).toBeUndefined();
  await farm.accept("pc", "r1", 2, new Uint8Array(1));
  expect(worker.told.at(-1)).toEqual({ type: "cancel", runId: "r1" });
  worker.say({ type: "beat", isInUse: false, gpuCelsius: 1_000 });
  expect(farm.offers()).toHaveLength(2);
  // No GPU is that hot, and the worker does its work all the same.
  expect(farm.see("pc").gpu_celsius).toBeNull();
  // An older worker does not tell.
  worker.say({ type: "beat" });
  expect(farm.see("pc").state).toBe("idle");
});

it("gives no faces to a worker whose version would leave them out, and all else", async () => {
  const { farm, join, begin, heard } = makeFarm();
  const worker = join("pc");
  worker.say({ ...HELLO, protocols: [1] });
  expect(worker.told).toEqual([{ type: "welcome", protocol: 1, name: "pc" }]);
  const network = { id: "a", hash: "0".repeat(64) };
  const { rung: plain, ...order } = makeFarmOrder({ machine: "farm:pc" });
  const faces = { strength: 1, provider: "cpu", detector: network, restorer: network };
  const rung = { ...plain, faces, model: { ...plain.model, id: `${plain.model.id}+faces` } };
  const { signal } = new AbortController();
  const run = await farm.start({ ...order, rung }, (progress) => void heard.push(progress), signal);
  expect(await run.ended).toMatchObject({ why: "failed", reason: { code: "worker_lost" } });
  expect(heard.at(-1)?.refused).toMatchObject([{ model: rung.model.id }]);
  expect(worker.told).toHaveLength(1);
  // It has done nothing wrong.
  expect(farm.offers()).toHaveLength(2);
  await begin(worker, "r2");
  expect(worker.told.at(-1)).toMatchObject({ type: "run" });
});

it("gives no networks of ×3 and ×4 to a worker whose version cannot decode for them, and the plain scaler in their place", async () => {
  const { farm, join, heard } = makeFarm();
  const worker = join("pc");
  worker.say({ ...HELLO, protocols: [1] });
  const { rung: plain, ...order } = makeFarmOrder({ machine: "farm:pc" });
  const larger = { id: "upreel-x3-live16x1-int8", hash: "a", kind: "luma", scale: 3 } as const;
  const rung = { ...plain, model: { ...plain.model, ...larger } };
  const { signal } = new AbortController();
  const run = await farm.start({ ...order, rung }, (progress) => void heard.push(progress), signal);
  expect(await run.ended).toMatchObject({ reason: { code: "worker_lost" } });
  expect(heard.at(-1)?.refused).toMatchObject([{ model: rung.model.id }]);
  expect(heard.at(-1)?.refused?.[0]?.reason.message).toContain("×3");
  expect(worker.told).toHaveLength(1);
  expect(farm.offers()).toHaveLength(2);
  const others = { ...order, rung: plain, otherRungs: [rung], runId: "r2" };
  void farm.start(others, () => undefined, signal);
  expect(worker.told.at(-1)).toMatchObject({ type: "run", order: { otherRungs: [] } });
});

it("sends no worker the sentences about a model, of which an older one may not know some", () => {
  const { farm, join } = makeFarm();
  const worker = join("pc");
  worker.say(HELLO);
  const order = makeFarmOrder({ machine: "farm:pc" });
  const rung = { ...order.rung, why: [{ code: "rung_best_live", values: {} } as const] };
  const asked = { ...order, rung, otherRungs: [rung] };
  void farm.start(asked, () => undefined, new AbortController().signal);
  expect(worker.told.at(-1)).toMatchObject({ type: "run", order: { rung: order.rung } });
  expect(JSON.stringify(worker.told)).not.toContain("rung_best_live");
});

it("tells a worker of another version what to do", () => {
  const { farm, join } = makeFarm();
  const worker = join("pc");
  worker.say({ ...HELLO, protocols: [99] });
  expect(worker.told[0]).toMatchObject({
    type: "refused",
    reason: { message: expect.stringContaining("a different version") },
  });
  expect(worker.closed()).toBeDefined();
  const newer = join("pc");
  newer.text(JSON.stringify({ ...HELLO, offer: { ...HELLO.offer, encoders: ["of next year"] } }));
  expect(newer.told).toMatchObject([
    { type: "refused", reason: { expected: expect.stringContaining("offer.encoders") } },
  ]);
  expect(newer.closed()).toBeDefined();
  expect(farm.offers()).toEqual([]);
});

it("survives ten thousand broken messages, and takes none of them for work", () => {
  const random = makeRandom(19);
  const { farm, join, accepted } = makeFarm();
  const messages: unknown[] = [
    HELLO,
    { type: "offer", offer: HELLO.offer },
    { type: "progress", runId: "r1", frames: 3, fps: 2, saved: 0, rungs: [], refused: [] },
    { type: "ended", runId: "r1", end: { why: "finished", frames: 4 } },
  ];
  let count = 0;
  for (let turn = 0; count < 10_000; turn++) {
    const text = JSON.stringify(messages[turn % messages.length]);
    const worker = join("pc");
    if (turn % 2 === 0) worker.say(HELLO);
    for (let n = 0; n < 5; n++) {
      const at = Math.floor(random.next() * text.length);
      const bytes = text.split("");
      bytes[at] = String.fromCharCode(Math.floor(random.next() * 300));
      worker.text(bytes.join("").slice(0, Math.floor(random.next() * text.length * 2)));
      count += 1;
    }
    worker.hangUp();
  }
  expect(accepted).toEqual([]);
  expect(farm.offers()).toEqual([]);
});

it.each([
  { type: "progress", runId: "r1", frames: 1, fps: 1e308, saved: 0, rungs: [], refused: [] },
  {
    type: "offer",
    offer: {
      ...HELLO.offer,
      speeds: [
        {
          ...{ model: "m", provider: "cpu" },
          measurement: {
            ...{ outcome: "proven", megapixelsPerSecond: 1e308, likenessDb: null, nodes: {} },
          },
        },
      ],
    },
  },
] satisfies FarmReport[])("shows out who claims a speed that no machine has: $type", (report) => {
  const { farm, join } = makeFarm();
  const worker = join("pc");
  worker.say(HELLO);
  worker.say(report);
  expect(worker.closed()).toMatch(/not one of the farm's/);
  expect(farm.offers()).toEqual([]);
});

it("counts no more frames than a run was to make, and no film as cut on a worker's word", async () => {
  const { join, begin } = makeFarm();
  const worker = join("pc");
  worker.say(HELLO);
  const { run } = await begin(worker);
  worker.say({ type: "ended", runId: "r1", end: { why: "source_truncated", frames: 1e9 } });
  expect(await run.ended).toMatchObject({
    why: "failed",
    reason: { code: "worker_lost" },
    frames: 192,
  });
});

it("shows what is left of a run that was cut", async () => {
  const { farm, join, begin } = makeFarm();
  const worker = join("pc");
  worker.say(HELLO);
  const { run } = await begin(worker);
  run.endAt?.(4);
  expect(farm.see("pc").runs).toMatchObject([{ from_segment: 2, to_segment: 4 }]);
});

it("a network that a worker cannot load is told as refused, so that it is not asked for again", async () => {
  const { heard, join, begin } = makeFarm();
  const worker = join("pc");
  worker.say(HELLO);
  const { run } = await begin(worker);
  const reason = { code: "model_unusable", message: "no network" } as const;
  worker.say({ type: "ended", runId: "r1", end: { why: "failed", frames: 0, reason } });
  expect(await run.ended).toMatchObject({ why: "failed", reason: { code: "worker_lost" } });
  const { rung } = makeFarmOrder();
  const refused = [{ model: rung.model.id, provider: rung.provider, reason }];
  expect(heard).toMatchObject([{ frames: 0, refused }]);
});

it("takes segments of the run that a worker has, and of no other one", async () => {
  const { farm, join, begin, accepted } = makeFarm();
  const [mine, other] = [join("pc"), join("other")];
  mine.say(HELLO);
  other.say(HELLO);
  const { run } = await begin(mine);
  const bytes = new Uint8Array(188);
  await farm.accept("pc", "r1", 2, bytes);
  for (const [name, runId, segment] of [
    ["other", "r1", 3],
    ["pc", "r2", 3],
    ["pc", "r1", 6],
    ["pc", "r1", 1],
  ] as const) {
    await expect(farm.accept(name, runId, segment, bytes)).rejects.toMatchObject({
      code: "segment_not_found",
    });
  }
  run.cancel();
  // A zombie: its run was given up.
  await expect(farm.accept("pc", "r1", 3, bytes)).rejects.toMatchObject({
    code: "segment_not_found",
  });
  // That, and the run that there never was: what is not part of a run is not late.
  expect(farm.late()).toBe(3);
  expect(await run.ended).toMatchObject({ why: "cancelled", frames: 48 });
  expect(accepted).toEqual(["s/r1/2: 188"]);
  expect(mine.told.at(-1)).toEqual({ type: "cancel", runId: "r1" });
});

it("suspects a silent worker after two seconds and loses it after five", async () => {
  vi.useFakeTimers();
  try {
    const { farm, join, begin, pass } = makeFarm();
    const worker = join("pc");
    worker.say(HELLO);
    const { run, state } = await begin(worker);
    pass(1_500);
    worker.say({ type: "beat" });
    pass(1_500);
    expect(farm.offers()).toHaveLength(2);
    pass(1_000);
    expect([farm.offers(), farm.see("pc").state]).toEqual([[], "suspected"]);
    expect(state.end).toBeUndefined();
    pass(3_000);
    expect(await run.ended).toMatchObject({ why: "failed", reason: { code: "worker_lost" } });
    expect(farm.see("pc").state).toBe("away");
    expect(worker.closed()).toMatch(/silent/);
  } finally {
    vi.useRealTimers();
  }
});

it("a worker whose connection closes has lost its run at once, and sends in vain when it is back", async () => {
  const { farm, join, begin, accepted } = makeFarm();
  const before = join("pc");
  before.say(HELLO);
  const { run } = await begin(before);
  before.hangUp();
  expect(await run.ended).toMatchObject({ why: "failed", reason: { code: "worker_lost" } });
  expect(farm.offers()).toEqual([]);
  join("pc").say(HELLO);
  expect(farm.offers()).toHaveLength(2);
  await expect(farm.accept("pc", "r1", 2, new Uint8Array(188))).rejects.toMatchObject({
    code: "segment_not_found",
  });
  expect(accepted).toEqual([]);
});

it("takes a run back that a worker does not begin, though it beats", async () => {
  vi.useFakeTimers();
  try {
    const { farm, join, pass } = makeFarm();
    const worker = join("pc");
    worker.say(HELLO);
    const order = makeFarmOrder({ machine: "farm:pc" });
    const run = await Promise.race([
      farm.start(order, () => undefined, new AbortController().signal),
      (async () => {
        for (let n = 0; n < 400; n++) {
          pass(1_000);
          worker.say({ type: "beat" });
          await Promise.resolve();
        }
        throw new Error("it is waited for without end");
      })(),
    ]);
    expect(await run.ended).toMatchObject({ why: "failed", reason: { code: "worker_lost" } });
    expect(farm.see("pc").state).toBe("idle");
  } finally {
    vi.useRealTimers();
  }
});

it("a film's token opens that film while its worker works on it", async () => {
  const { farm, join, begin } = makeFarm();
  const worker = join("pc");
  worker.say(HELLO);
  const { run } = await begin(worker);
  const order = worker.told.find((command) => command.type === "run");
  expect(farm.sourceOf(order?.source ?? "")).toMatchObject({
    ...{ worker: "pc", source: { path: "/films/film.mp4" } },
  });
  expect(farm.sourceOf("another")).toBeUndefined();
  run.cancel();
  expect(farm.sourceOf(order?.source ?? "")).toBeUndefined();
});

it("gives no work to who sends rubbish, and asks back what a draining worker has after its segment", async () => {
  const { farm, join, begin, refuse, drain } = makeFarm();
  const worker = join("pc");
  worker.say(HELLO);
  const vain = await begin(worker, "r0");
  refuse(new Error("no MPEG-TS"));
  await expect(farm.accept("pc", "r0", 2, new Uint8Array(1))).rejects.toThrow("no MPEG-TS");
  // Others make it at once, not when all of it was sent.
  expect(await vain.run.ended).toMatchObject({ why: "failed" });
  expect(farm.offers()).toEqual([]);
  expect(farm.see("pc")).toMatchObject({ refused: 1, problem: "no MPEG-TS" });
  refuse(undefined);
  const first = await begin(worker);
  await farm.accept("pc", "r1", 5, new Uint8Array(1));
  drain();
  expect(farm.see("pc").state).toBe("draining");
  expect(first.state.end).toBeUndefined();
  await farm.accept("pc", "r1", 4, new Uint8Array(1));
  expect(await first.run.ended).toMatchObject({ why: "failed" });
  expect(worker.told.at(-1)).toEqual({ type: "cancel", runId: "r1" });
  // That it was asked to is no fault of its own.
  expect(farm.see("pc").problem).toBe("no MPEG-TS");
});

it("says who came and who went", () => {
  const { join, presence } = makeFarm();
  const before = join("pc");
  join("pc");
  join("attic").hangUp();
  before.hangUp();
  expect(presence).toEqual(["pc came", "pc went", "pc came", "attic came", "attic went"]);
});

it("a segment whose run is ended while it is looked at is not wanted, which is no fault of its machine", async () => {
  const { farm, join, begin, refuse, whileLooked } = makeFarm();
  const worker = join("pc");
  worker.say(HELLO);
  const { run } = await begin(worker);
  whileLooked(() => run.cancel());
  refuse(new Error("ENOENT: its folder is gone"));
  await expect(farm.accept("pc", "r1", 2, new Uint8Array(1))).rejects.toMatchObject({
    code: "segment_not_found",
  });
  expect(farm.see("pc")).toMatchObject({ refused: 0, problem: null });
  expect(farm.offers()).toHaveLength(2);
});

it("a machine that says that it is done and has sent nothing gets no work for a while", async () => {
  const { farm, join, begin } = makeFarm();
  const worker = join("pc");
  worker.say(HELLO);
  const { state } = await begin(worker);
  await farm.accept("pc", "r1", 2, new Uint8Array(1));
  worker.say({ type: "ended", runId: "r1", end: { why: "finished", frames: 192 } });
  await vi.waitFor(() => expect(state.end).toMatchObject({ why: "failed" }));
  expect(farm.offers()).toEqual([]);
  expect(farm.see("pc").problem).toContain("has not sent all its segments");
});

it("a machine that beats, and makes nothing for two minutes, has lost its run; one that is paused has not", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { join, begin, pass } = makeFarm();
  const worker = join("pc");
  worker.say(HELLO);
  const { run, state } = await begin(worker);
  const beat = (seconds: number): void => {
    for (let n = 0; n < seconds; n++) {
      pass(1_000);
      worker.say({ type: "beat" });
    }
  };
  const progress = (frames: number): void =>
    worker.say({
      ...{ type: "progress", runId: "r1", frames, fps: 24, saved: 0, rungs: [], refused: [] },
    });
  beat(100);
  progress(1);
  beat(100);
  run.pause();
  beat(300);
  run.resume();
  beat(100);
  await Promise.resolve();
  expect(state.end).toBeUndefined();
  progress(1);
  beat(30);
  await vi.waitFor(() => expect(state.end).toMatchObject({ why: "failed", wasKilled: true }));
  expect(worker.told.at(-1)).toEqual({ type: "cancel", runId: "r1" });
});
