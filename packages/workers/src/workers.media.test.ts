import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  PLAIN_SCALER,
  workerEventSchema,
  type Reason,
  type ResolvedRun,
  type RunOrder,
  type RunResolvers,
  type Rung,
  type WorkerEvent,
} from "@upreel/core";
import { buildTimeline, planOutput, probeSource } from "@upreel/media";
import { eventually, makeClip, makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkers, type ToneMapping, type WorkerPool } from "./worker-pool.ts";
import type { ProcessRun } from "./process-runs.ts";
import { startWorkerProcess } from "./worker-process.ts";

const MODELS = fileURLToPath(new URL("../../upscaler/models", import.meta.url));
const MAIN = fileURLToPath(new URL("../../../apps/worker/src/main.ts", import.meta.url));
const RUNG = { model: PLAIN_SCALER, provider: "ffmpeg" };
const SETTINGS = { threads: 1, ffmpeg: "ffmpeg" };
const never = new AbortController().signal;

let folder: Awaited<ReturnType<typeof makeTempFolder>>;
let base: ResolvedRun;
let runs = 0;
beforeAll(async () => {
  folder = await makeTempFolder();
  const path = join(folder.path, "clip.mp4");
  await makeClip(path, { width: 64, height: 36, rate: 24, seconds: 20 });
  const { size, mtimeMs } = await stat(path);
  const file = { path, sizeBytes: size, modifiedMs: mtimeMs };
  const probed = await probeSource(
    file,
    { ffprobe: "ffprobe", ffmpeg: "ffmpeg" },
    AbortSignal.timeout(240_000),
  );
  const { source } = probed;
  base = {
    ...{
      streamId: "s",
      runId: "",
      folder: "",
      source,
      timeline: buildTimeline(probed, 2),
      rung: RUNG,
    },
    output: planOutput({
      ...{ source, scale: 2, encoder: "libx264", quality: 30, maxOutputHeight: 2160 },
    }),
    ...{ fromSegment: 0, toSegment: 10 },
  };
});
afterAll(() => folder[Symbol.asyncDispose]());

const order = (change: Partial<ResolvedRun> = {}): ResolvedRun => {
  const runId = `run-${++runs}`;
  return { ...base, runId, folder: join(folder.path, runId), ...change };
};
const resolvers: RunResolvers = {
  sources: { findSource: async (source) => source },
  models: { fileOf: async () => "" },
  segments: {
    open: ({ runId }) => ({ path: join(folder.path, runId), close: async () => undefined }),
  },
};
const isAlive = async (pid: number): Promise<boolean> =>
  !/\) [ZX]/.test(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ") Z"));
const allGone = async (pids: readonly number[]): Promise<boolean> =>
  !(await Promise.all(pids.map(isAlive))).includes(true);
async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-e", "-o", "pid=,ppid="]);
  return stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []));
}

/** Whether one of its threads blocks in open(2) of a pipe whose other end nobody has opened. */
async function waitsForPipe(pid: number): Promise<boolean> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const places = tasks.map((task) => readFile(`/proc/${pid}/task/${task}/wchan`, "utf8"));
  return (await Promise.all(places)).includes("wait_for_partner");
}

describe("the worker process", () => {
  /** As the gateway starts it, but every message is seen. */
  function startWorker(ffmpeg = "ffmpeg", preload: readonly string[] = []) {
    const child = spawn(process.execPath, [...preload, MAIN, "1", ffmpeg], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const events: WorkerEvent[] = [];
    child.on("message", (message) => events.push(workerEventSchema.parse(message)));
    const exited = once(child, "exit");
    return {
      child,
      events,
      exited,
      next: <T extends WorkerEvent["type"]>(type: T) =>
        eventually(`the event ${type}`, () =>
          events.find((event): event is Extract<WorkerEvent, { type: T }> => event.type === type),
        ),
      async [Symbol.asyncDispose]() {
        child.kill("SIGKILL");
        await exited;
      },
    };
  }

  it("says hello, loads, runs, reports and ends the run, one after the other", async () => {
    await using worker = startWorker();
    expect((await worker.next("ready")).pid).toBe(worker.child.pid);
    worker.child.send({ type: "warm", rung: RUNG });
    expect(await worker.next("warmed")).toMatchObject({ model: "lanczos", provider: "ffmpeg" });
    const mine = order({ toSegment: 3 });
    worker.child.send({ type: "start", order: mine });
    const { end } = await worker.next("ended");
    expect(end).toEqual({ why: "finished", frames: 144, decoded: [48, 48, 48] });
    const types = worker.events
      .map(({ type }) => type)
      .filter((type) => type !== "heartbeat" && type !== "step");
    expect(types.filter((type, i) => type !== types[i - 1])).toEqual([
      ...["ready", "warmed", "started", "progress", "ended"],
    ]);
    const steps = worker.events.flatMap((event) => (event.type === "step" ? [event.step] : []));
    expect(steps.toSorted()).toEqual(["decoded", "encoding", "loaded", "opened", "upscaled"]);
    const last = worker.events.findLast(({ type }) => type === "progress");
    expect(last).toMatchObject({ runId: mine.runId, frames: 144 });
    await worker.next("heartbeat");
  });

  it("answers what it does not know, and a second run at once, with a log event", async () => {
    await using worker = startWorker();
    await worker.next("ready");
    worker.child.send({ type: "dance" });
    expect(await worker.next("log")).toMatchObject({ level: "error" });
    worker.events.length = 0;
    worker.child.send({ type: "start", order: order() });
    worker.child.send({ type: "start", order: order() });
    expect((await worker.next("log")).message).toContain("two runs at once");
    worker.child.send({ type: "cancel" });
    expect((await worker.next("ended")).end.why).toBe("cancelled");
  });

  it("says which rung it cannot change to: its network is not on this machine", async () => {
    await using worker = startWorker();
    await worker.next("ready");
    worker.child.send({ type: "start", order: order() });
    await worker.next("started");
    const gone = { model: "gone", provider: "cpu" };
    worker.child.send({ type: "set-rung", rung: gone, fromSegment: 1 });
    const refused = await eventually("a refusal", () =>
      worker.events
        .flatMap((event) => (event.type === "progress" ? event.refused : []))
        .find(({ model }) => model === gone.model),
    );
    expect(refused).toMatchObject({ ...gone, reason: { code: "model_unknown" } });
    worker.child.send({ type: "cancel" });
    await worker.next("ended");
  });

  it("does not end at a Ctrl-C in the terminal of its gateway", async () => {
    await using worker = startWorker();
    await worker.next("ready");
    worker.child.kill("SIGINT");
    worker.child.kill("SIGTERM");
    worker.child.send({ type: "warm", rung: RUNG });
    await worker.next("warmed");
  });

  it("ends with an error of its own, too, while a thread waits for an ffmpeg that never comes", async () => {
    const stuck = join(folder.path, "deaf-ffmpeg");
    await writeFile(stuck, "#!/bin/sh\nexec tail -f /dev/null\n");
    await chmod(stuck, 0o755);
    const breaking = `process.on("SIGUSR2", () => { throw new Error("broken"); });`;
    const preload = ["--import", `data:text/javascript,${encodeURIComponent(breaking)}`];
    await using worker = startWorker(stuck, preload);
    await worker.next("ready");
    worker.child.send({ type: "start", order: order() });
    const { pid = 0 } = worker.child;
    await eventually("a thread that waits for the other end", () => waitsForPipe(pid));
    const ffmpegs = await childrenOf(pid);
    worker.child.kill("SIGUSR2");
    await eventually("its end", () => allGone([pid, ...ffmpegs]));
  });

  it("leaves with its ffmpegs when its gateway is killed", async () => {
    const script = join(folder.path, "parent.mjs");
    await writeFile(
      script,
      `import { spawn } from "node:child_process";
const child = spawn(process.execPath, [${JSON.stringify(MAIN)}, "1", "ffmpeg"], {
  stdio: ["ignore", "ignore", "ignore", "ipc"],
});
child.on("message", (message) => {
  if (message.type === "ready") child.send(${JSON.stringify({ type: "start", order: order() })});
  if (message.type === "started") child.send({ type: "pause" });
  if (message.type === "started") console.log(JSON.stringify(message.pids));
});`,
    );
    const parent = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pids = JSON.parse(line.toString()) as number[];
    expect(pids).toHaveLength(3);
    expect(await isAlive(pids[0] ?? 0)).toBe(true);
    parent.kill("SIGKILL");
    await eventually("their end", () => allGone(pids));
  });
});

describe("a supervised worker", () => {
  it("is killed when it is silent, and its run ends as lost", async () => {
    const log = makeRecordingLog();
    const worker = await startWorkerProcess({ ...SETTINGS, silenceMs: 10_000 }, log);
    const run = await worker.start(order(), () => {});
    run.pause();
    process.kill(worker.pid, "SIGSTOP");
    const end = await run.ended;
    expect(end).toMatchObject({ why: "failed", reason: { code: "worker_lost" } });
    expect(end.why === "failed" && end.reason.got).toContain("SIGKILL");
    expect(worker.isAlive).toBe(false);
    await eventually("the end of its ffmpegs", () => allGone(run.pids));
    expect(log.entries.some(({ message }) => message.includes("silent"))).toBe(true);
  });

  it("goes on when somebody who is told of its progress throws", async () => {
    const log = makeRecordingLog();
    const worker = await startWorkerProcess(SETTINGS, log);
    const run = await worker.start(order({ toSegment: 2 }), () => {
      throw new Error("no");
    });
    expect((await run.ended).why).toBe("finished");
    worker.kill();
    await worker.exited;
    expect(log.entries.some(({ message }) => message.includes("was not taken"))).toBe(true);
  });
});

describe("the pool of workers", () => {
  const open = (
    ffmpeg = "ffmpeg",
    toneMapping?: ToneMapping,
  ): WorkerPool & { log: ReturnType<typeof makeRecordingLog> } => {
    const log = makeRecordingLog();
    const options = { ...SETTINGS, ffmpeg, resolvers, offers: () => [], warmRung: RUNG };
    return Object.assign(createWorkers(log, { ...options, toneMapping }), { log });
  };
  const named = (change: Partial<ResolvedRun> = {}): RunOrder => {
    const { folder: _, source, ...rest } = order(change);
    return { ...rest, source: { ...source, id: "clip" } };
  };
  const begin = (workers: WorkerPool, change: Partial<ResolvedRun> = {}): Promise<ProcessRun> =>
    workers.start(named(change), () => {}, never);

  it("uses a worker again, also after a cancel, but not the one whose run failed", async () => {
    await using workers = open();
    const first = await begin(workers, { toSegment: 1 });
    expect((await first.ended).why).toBe("finished");
    const second = await begin(workers);
    second.cancel();
    expect((await second.ended).why).toBe("cancelled");
    // After its end a handle has no say over the worker's next run.
    const third = await begin(workers, { toSegment: 2 });
    expect(third.pids[0]).toBe(second.pids[0]);
    second.cancel();
    second.pause();
    expect((await third.ended).why).toBe("finished");
    const bad = await begin(workers, { source: { ...base.source, path: "/nowhere.mp4" } });
    expect((await bad.ended).why).toBe("failed");
    await eventually("its end", () => allGone(bad.pids));
    const fresh = await begin(workers, { toSegment: 1 });
    expect(fresh.pids[0]).not.toBe(bad.pids[0]);
    expect((await fresh.ended).why).toBe("finished");
  });

  it("makes SDR of HDR on the processor after a run on the GPU has failed", async () => {
    const failures: string[] = [];
    let device: number | undefined = 99;
    const toneMapping = {
      device: () => device,
      giveUp({ code }: Reason): void {
        failures.push(code);
        device = undefined;
      },
    };
    await using workers = open("ffmpeg", toneMapping);
    const { source } = base;
    const hdr = { name: "HDR10", base: "pq", peakNits: 1000 } as const;
    const film = { source: { ...source, video: { ...source.video, hdr } }, toSegment: 1 };
    // Runs without HDR need no GPU.
    expect((await (await begin(workers, { toSegment: 1 })).ended).why).toBe("finished");
    const first = await begin(workers, film).then(({ ended }) => ended);
    expect(first).toMatchObject({ why: "failed", reason: { code: "decoder_failed" } });
    expect(failures).toEqual(["decoder_failed"]);
    expect((await (await begin(workers, film)).ended).why).toBe("finished");
  });

  it("starts no spare before a segment is made: it would take the processor from it", async () => {
    await using workers = open();
    const timeline = { ...base.timeline, framesPerSegment: 1_000 };
    const short = await begin(workers, { timeline, toSegment: 1 });
    expect((await short.ended).why).toBe("finished");
    // Its worker, given back, is the spare: there was no other.
    expect((await begin(workers)).pids[0]).toBe(short.pids[0]);
  });

  it("gives another worker after one was killed in its run", async () => {
    await using workers = open();
    const run = await begin(workers);
    run.pause();
    process.kill(run.pids[0] ?? 0, "SIGKILL");
    expect(await run.ended).toMatchObject({
      ...{ why: "failed", wasKilled: true, reason: { code: "worker_lost" } },
    });
    await eventually("the end of its ffmpegs", () => allGone(run.pids));
    expect((await (await begin(workers, { toSegment: 1 })).ended).why).toBe("finished");
  });

  it.each([
    ["decoder", 1],
    ["encoder", 2],
  ])("uses a worker again whose %s was killed by somebody else", async (what, place) => {
    await using workers = open();
    const run = await begin(workers);
    run.pause();
    process.kill(run.pids[place] ?? 0, "SIGKILL");
    run.resume();
    expect(await run.ended).toMatchObject({
      ...{ why: "failed", wasKilled: true, reason: { code: `${what}_failed` } },
    });
    const again = await begin(workers, { toSegment: 1 });
    expect(again.pids[0]).toBe(run.pids[0]);
    expect((await again.ended).why).toBe("finished");
  });

  it("ends a run that is cancelled before it has started, though its ffmpegs hang", async () => {
    const stuck = join(folder.path, "stuck-ffmpeg");
    const pidFile = join(folder.path, "stuck-pids");
    await writeFile(stuck, `#!/bin/sh\necho $$ >> ${pidFile}\nexec tail -f /dev/null\n`);
    await chmod(stuck, 0o755);
    await using workers = open(stuck);
    const cancel = new AbortController();
    const starting = workers.start(named(), () => {}, cancel.signal);
    const pids = await eventually("both ffmpegs", async () => {
      const lines = (await readFile(pidFile, "utf8")).trim().split("\n");
      return lines.length === 2 && lines.map(Number);
    });
    cancel.abort();
    expect((await (await starting).ended).why).toBe("cancelled");
    expect(await allGone(pids)).toBe(true);
    expect(workers.log.entries.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("is closed at once though its spare worker has not said hello", async () => {
    const before = await childrenOf(process.pid);
    const workers = open();
    const [pid = 0] = await eventually("the spare worker", async () => {
      const started = (await childrenOf(process.pid)).filter((each) => !before.includes(each));
      return started.length > 0 && started;
    });
    process.kill(pid, "SIGSTOP");
    let isClosed = false;
    void workers[Symbol.asyncDispose]().then(() => (isClosed = true));
    await eventually("the closing", () => isClosed);
    expect(await isAlive(pid)).toBe(false);
    expect(workers.log.entries.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("looks at networks by its spare worker, and keeps that which the last run began with", async () => {
    const log = makeRecordingLog();
    const network = (name: string): Rung => ({
      model: {
        ...{ id: name, file: join(MODELS, `${name}.onnx`), hash: name },
        ...{ kind: "luma", pixelFormat: "yuv444p", scale: 2 },
      },
      provider: "cpu",
    });
    const [int8, fp32] = ["upreel-x2-live16x0-int8", "upreel-x2-live16x0-fp32"].map(network);
    if (int8 === undefined || fp32 === undefined) throw new Error("no networks");
    await using workers = createWorkers(log, {
      ...{ ...SETTINGS, resolvers, offers: () => [], warmRung: int8 },
    });
    const broken = network("no-such-network");
    const looked = await workers.look([int8, broken]);
    expect(looked.map(({ model, measurement: { outcome } }) => [model, outcome])).toEqual([
      [int8.model.id, "proven"],
      [broken.model.id, "refused"],
    ]);
    const run = await begin(workers, { rung: fp32, toSegment: 1 });
    await run.ended;
    expect(workers.warmRung?.model.id).toBe(fp32.model.id);
    await workers.keepWarm(int8);
    expect(workers.warmRung?.model.id).toBe(int8.model.id);
    await workers.keepWarm(undefined);
    expect(workers.warmRung?.model.id).toBe(fp32.model.id);
  });

  it("closes the folder of a run for which no worker can be had", async () => {
    const log = makeRecordingLog();
    let closed = 0;
    const segments: RunResolvers["segments"] = {
      ...resolvers.segments,
      open: () => ({ path: folder.path, close: async () => void (closed += 1) }),
    };
    const workers = createWorkers(log, {
      ...{ ...SETTINGS, offers: () => [], warmRung: RUNG },
      resolvers: { ...resolvers, segments },
    });
    await workers[Symbol.asyncDispose]();
    await expect(begin(workers)).rejects.toThrow();
    expect(closed).toBe(1);
  });

  it("leaves no process when it is closed", async () => {
    const before = await childrenOf(process.pid);
    const workers = open();
    const run = await begin(workers);
    run.pause();
    await workers[Symbol.asyncDispose]();
    expect((await run.ended).why).toBe("failed");
    await eventually("no more processes", () => allGone(run.pids));
    const left = (await childrenOf(process.pid)).filter((pid) => !before.includes(pid));
    expect(await allGone(left)).toBe(true);
  });
});
