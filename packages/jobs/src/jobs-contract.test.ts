import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { JobNotNow, UpreelError, type JobHandler, type JobKind, type Jobs } from "@upreel/core";
import {
  eventually,
  makeRecordingLog,
  makeTempFolder,
  startValkey,
  type RecordingLog,
  type TempFolder,
  type ValkeyServer,
} from "@upreel/testkit";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { openJobFile } from "./local/job-file.ts";
import { openLocalJobs } from "./local/local-jobs.ts";
import { LETTERS } from "./testing/letter-jobs.ts";
import { openValkeyJobs } from "./valkey/valkey-jobs.ts";

type Letter = Parameters<JobHandler<{ letter: string }, { done: number }, { word: string }>>[0];

const HOLDER = fileURLToPath(new URL("testing/hold-job.ts", import.meta.url));
const NEVER = new AbortController().signal;

let folder: TempFolder;
let server: ValkeyServer;
let log: RecordingLog;
let opened: Jobs[];

beforeAll(async () => {
  server = await startValkey();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = await makeTempFolder();
  log = makeRecordingLog();
  opened = [];
});
afterEach(async () => {
  for (const jobs of opened) await jobs[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Locks of half a minute: no machine is so slow that one runs out by itself. */
const TIMES = { lockMs: 30_000, lookMs: 100 };
let installation = 0;
const ENGINES = {
  "in this process": {
    place: () => join(folder.path, "jobs.json"),
    open: () => openLocalJobs(openJobFile(join(folder.path, "jobs.json"), log)),
  },
  "on Valkey": {
    place: () => server.url,
    open: async () =>
      openValkeyJobs({ url: server.url, installation: String(installation), times: TIMES, log }),
  },
} as const;

/** A handler whose jobs begin at once and end when a test lets them. */
function makeHands() {
  const begun: Letter[] = [];
  const ends = new Map<string, () => void>();
  const handler = async (job: Letter): Promise<{ word: string }> => {
    begun.push(job);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    ends.set(job.id, resolve);
    job.signal.addEventListener("abort", () => reject(job.signal.reason));
    await promise;
    return { word: `${job.data.letter}!` };
  };
  const begins = (count: number): Promise<boolean> =>
    eventually(`${count} have begun`, () => begun.length >= count);
  const letters = (): string[] => begun.map(({ data }) => data.letter);
  return { begun, handler, begins, letters, end: (id: string) => ends.get(id)?.() };
}

describe.each(Object.entries(ENGINES))("jobs %s", (_, engine) => {
  beforeEach(() => void (installation += 1));
  const open = async (kind: Partial<typeof LETTERS> = {}) => {
    const jobs = await engine.open();
    opened.push(jobs);
    return { jobs, queue: jobs.open({ ...LETTERS, ...kind }) };
  };

  it("are done, with what they tell meanwhile and their result", async () => {
    const { queue } = await open();
    const told: unknown[] = [];
    queue.subscribe((id, now) => told.push({ id, ...now }));
    queue.work(async ({ data, tell }) => {
      tell({ done: 0.5 });
      return { word: data.letter.repeat(2) };
    });
    await queue.add('one/ä:"\udce9', { letter: "a" });
    expect(await queue.finished('one/ä:"\udce9', NEVER)).toEqual({ word: "aa" });
    expect(await queue.get('one/ä:"\udce9')).toEqual({
      ...{ id: 'one/ä:"\udce9', data: { letter: "a" }, state: "done", result: { word: "aa" } },
    });
    // That it is done may be known by a look at it before it is told.
    await expect
      .poll(() => told.at(-1))
      .toEqual({ id: 'one/ä:"\udce9', state: "done", result: { word: "aa" } });
    expect(told).toContainEqual({ id: 'one/ä:"\udce9', state: "running", progress: { done: 0.5 } });
    expect(await queue.get("other")).toBeUndefined();
  });

  it("are added once, until they are over", async () => {
    const { queue } = await open();
    const hands = makeHands();
    await queue.add("a", { letter: "waits" });
    await queue.add("a", { letter: "waits still" });
    queue.work(hands.handler);
    await hands.begins(1);
    await queue.add("a", { letter: "runs" });
    hands.end("a");
    expect(await queue.finished("a", NEVER)).toEqual({ word: "waits!" });
    await queue.add("a", { letter: "again" });
    await hands.begins(2);
    hands.end("a");
    expect(await queue.finished("a", NEVER)).toEqual({ word: "again!" });
    expect(hands.letters()).toEqual(["waits", "again"]);
    expect(await queue.list()).toHaveLength(1);
  });

  it("wait for their turn: what is asked for first, idle ones last, and one may be hurried", async () => {
    const { queue, jobs } = await open();
    const hands = makeHands();
    queue.work(hands.handler);
    await queue.add("first", { letter: "first" });
    await hands.begins(1);
    for (const [letter, priority] of [
      ...([
        ["i", "idle"],
        ["u", "usual"],
        ["h", "idle"],
        ["a", "asked"],
      ] as const),
    ])
      await queue.add(letter, { letter }, { priority });
    await queue.add("h", { letter: "h" }, { priority: "asked" });
    expect(await queue.backlog()).toEqual({ waiting: 4, running: 1 });
    expect(await jobs.backlog()).toEqual({ letters: { waiting: 4, running: 1 } });
    for (const [count, id] of ["first", "a", "h", "u", "i"].entries()) {
      await hands.begins(count + 1);
      hands.end(id);
      await queue.finished(id, NEVER);
    }
    expect(hands.letters()).toEqual(["first", "a", "h", "u", "i"]);
    expect(await queue.backlog()).toEqual({ waiting: 0, running: 0 });
  });

  it("are held back for a while, unless somebody asks for them", async () => {
    const { queue } = await open();
    const hands = makeHands();
    queue.work(hands.handler);
    await queue.add("late", { letter: "late" }, { delayMs: 1e8 });
    await queue.add("now", { letter: "now" });
    await hands.begins(1);
    hands.end("now");
    await queue.finished("now", NEVER);
    expect(await queue.get("late")).toMatchObject({ state: "waiting" });
    await queue.add("late", { letter: "late" }, { priority: "asked" });
    await hands.begins(2);
    hands.end("late");
    expect(await queue.finished("late", NEVER)).toEqual({ word: "late!" });
  });

  it("are tried again after a failure that may pass, and say why they failed in the end", async () => {
    const { queue } = await open();
    const tries: string[] = [];
    queue.work(async ({ data: { letter } }) => {
      tries.push(letter);
      if (letter === "twice" && tries.length === 2) return { word: "at last" };
      const code = letter === "never" ? "models_full" : "download_failed";
      throw new UpreelError(code, `no ${letter}`, { expected: "a letter", got: "none" });
    });
    await queue.add("twice", { letter: "twice" });
    expect(await queue.finished("twice", NEVER)).toEqual({ word: "at last" });
    await queue.add("never", { letter: "never" });
    await queue.add("thrice", { letter: "thrice" });
    await expect(queue.finished("thrice", NEVER)).rejects.toMatchObject({
      ...{ code: "download_failed", message: "no thrice", expected: "a letter", got: "none" },
    });
    await expect(queue.finished("never", NEVER)).rejects.toMatchObject({ code: "models_full" });
    expect(tries).toEqual([..."twice,twice,never,thrice,thrice,thrice".split(",")]);
    expect(await queue.get("thrice")).toMatchObject({
      ...{ state: "failed", reason: { code: "download_failed", got: "none" } },
    });
  });

  it("are cancelled: one that waits is gone, one that runs is told", async () => {
    const { queue } = await open();
    const hands = makeHands();
    queue.work(hands.handler);
    await queue.add("runs", { letter: "runs" });
    await hands.begins(1);
    await queue.add("waits", { letter: "waits" });
    const waited = queue.finished("waits", NEVER).catch(({ code }: UpreelError) => code);
    const ran = queue.finished("runs", NEVER).catch(({ code }: UpreelError) => code);
    expect(await queue.cancel("waits")).toBe(true);
    expect(await waited).toBe("cancelled");
    expect(await queue.get("waits")).toBeUndefined();
    expect(await queue.cancel("runs")).toBe(true);
    expect(await ran).toBe("cancelled");
    expect(hands.begun[0]?.signal.aborted).toBe(true);
    expect(await queue.cancel("runs")).toBe(false);
    expect(await queue.cancel("never there")).toBe(false);
    await queue.add("waits", { letter: "again" });
    await hands.begins(2);
    expect(hands.letters()).toEqual(["runs", "again"]);
  });

  it("go back when their gateway ends, and the next one does them", async () => {
    const before = await open({ tries: 1 });
    const hands = makeHands();
    before.queue.work(hands.handler);
    await before.queue.add("a", { letter: "a" });
    await before.queue.add("b", { letter: "b" });
    await hands.begins(1);
    await before.jobs[Symbol.asyncDispose]();
    expect(hands.begun[0]?.signal.aborted).toBe(true);
    const { queue } = await open({ tries: 1 });
    queue.work(async ({ data }) => ({ word: `${data.letter}!` }));
    for (const id of ["a", "b"])
      expect(await queue.finished(id, NEVER)).toEqual({ word: `${id}!` });
    expect(hands.letters()).toEqual(["a"]);
  });

  it("go back without counting as a try when they cannot be done now, and none is taken before they can", async () => {
    const { queue, jobs } = await open({ tries: 1 });
    const told: string[] = [];
    queue.subscribe((id, { state }) => void told.push(`${id} ${state}`));
    const free = Promise.withResolvers<void>();
    const hands = makeHands();
    let refused = 0;
    queue.work(async (job) => {
      if (job.data.letter !== "late") return hands.handler(job);
      refused += 1;
      if (refused < 3) throw new JobNotNow(refused === 1 ? free.promise : Promise.resolve());
      return { word: "at last" };
    });
    await queue.add("late", { letter: "late" });
    await eventually(
      "it went back",
      () => told.includes("late running") && told.at(-1) === "late waiting",
    );
    await queue.add("other", { letter: "other" }, { priority: "asked" });
    expect(await jobs.backlog()).toEqual({ letters: { waiting: 2, running: 0 } });
    free.resolve();
    await hands.begins(1);
    hands.end("other");
    expect(await queue.finished("late", NEVER)).toEqual({ word: "at last" });
    expect(refused).toBe(3);
  });

  it("that cannot be done now keep no gateway from its end", async () => {
    const { queue, jobs } = await open();
    let refused = 0;
    queue.work(async () => {
      refused += 1;
      throw new JobNotNow(new Promise(() => undefined));
    });
    await queue.add("a", { letter: "a" });
    await eventually(
      "it went back",
      async () => refused === 1 && (await queue.get("a"))?.state === "waiting",
    );
    await jobs[Symbol.asyncDispose]();
    const next = await open();
    next.queue.work(async ({ data }) => ({ word: data.letter }));
    expect(await next.queue.finished("a", NEVER)).toEqual({ word: "a" });
  });

  it("are given to the next gateway when theirs is killed, but not again and again", async () => {
    const place = engine.place();
    {
      const { queue, jobs } = await open();
      await queue.add("a", { letter: "deadly" });
      await jobs[Symbol.asyncDispose]();
    }
    for (const _gateway of [1, 2, 3]) {
      // Its lock runs out soon after it is killed.
      const holder = spawn(process.execPath, [HOLDER, place, String(installation), "500", "100"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const gone = once(holder, "exit");
      await Promise.race([once(holder.stdout, "data"), gone]);
      holder.kill("SIGKILL");
      await gone;
    }
    const { queue } = await open();
    const hands = makeHands();
    queue.work(hands.handler);
    await expect(queue.finished("a", NEVER)).rejects.toMatchObject({ code: "worker_lost" });
    expect(hands.begun).toEqual([]);
  });

  it("that this version does not understand fail, and the others are done", async () => {
    const { jobs } = await open();
    const older: JobKind<unknown, unknown, unknown> = {
      ...LETTERS,
      ...{ data: z.unknown(), progress: z.unknown(), result: z.unknown() },
    };
    const { name } = LETTERS;
    await jobs.open({ ...older, name }).add("old", { number: 7 });
    await jobs[Symbol.asyncDispose]();
    const { queue } = await open();
    const hands = makeHands();
    queue.work(hands.handler);
    await queue.add("new", { letter: "n" });
    await hands.begins(1);
    hands.end("new");
    await queue.finished("new", NEVER);
    expect(hands.letters()).toEqual(["n"]);
    expect(await queue.list()).toMatchObject([{ id: "new" }]);
  });

  it("do not wait for ever for whoever asks", async () => {
    const { queue } = await open();
    await queue.add("a", { letter: "a" });
    const asking = new AbortController();
    const asked = queue.finished("a", asking.signal);
    asking.abort(new UpreelError("timeout", "enough"));
    await expect(asked).rejects.toMatchObject({ code: "timeout" });
  });
});

it("jobs of which all gateways together do one at a time are never done by two at once", async () => {
  let [now, most, done] = [0, 0, 0];
  const gateways = [1, 2, 3].map(() => {
    const jobs = openValkeyJobs({ url: server.url, installation: "in-all", times: TIMES, log });
    opened.push(jobs);
    const queue = jobs.open({ ...LETTERS, atATimeInAll: 1 });
    queue.work(async ({ data }) => {
      most = Math.max(most, (now += 1));
      // Long enough for the others to take one, too.
      for (let k = 0; k < 20; k += 1) await queue.backlog();
      [now, done] = [now - 1, done + 1];
      return { word: data.letter };
    });
    return queue;
  });
  for (let k = 0; k < 30; k += 1)
    await gateways[k % 3]?.add(`job ${k}`, { letter: "x" }, { priority: "idle" });
  await eventually("all are done", () => done === 30);
  expect(most).toBe(1);
});

it("a job that a gateway cannot do now is done by another, also where one is done at a time in all", async () => {
  const open = () => {
    const jobs = openValkeyJobs({ url: server.url, installation: "not-now", times: TIMES, log });
    opened.push(jobs);
    return jobs.open({ ...LETTERS, atATimeInAll: 1 });
  };
  const [busy, idle] = [open(), open()];
  let refused = 0;
  busy.work(async () => {
    refused += 1;
    throw new JobNotNow(new Promise(() => undefined));
  });
  for (const letter of ["a", "b", "c"]) await busy.add(letter, { letter }, { priority: "idle" });
  await eventually("it has refused one", () => refused === 1);
  idle.work(async ({ data }) => ({ word: data.letter }));
  for (const letter of ["a", "b", "c"])
    expect(await busy.finished(letter, NEVER)).toEqual({ word: letter });
  expect(refused).toBe(1);
});

it("jobs go on where Valkey is killed and comes back, with what was added meanwhile", async () => {
  const jobs = openValkeyJobs({ url: server.url, installation: "away", times: TIMES, log });
  opened.push(jobs);
  const queue = jobs.open(LETTERS);
  const hands = makeHands();
  queue.work(hands.handler);
  await queue.add("a", { letter: "a" });
  await queue.add("b", { letter: "b" });
  await hands.begins(1);
  await server.kill();
  await eventually("it is said", () => log.complaints.length > 0);
  hands.end("a");
  const added = queue.add("c", { letter: "c" });
  await server.start();
  await added;
  expect(await queue.finished("a", NEVER)).toEqual({ word: "a!" });
  for (const [count, id] of ["b", "c"].entries()) {
    await hands.begins(count + 2);
    hands.end(id);
    expect(await queue.finished(id, NEVER)).toEqual({ word: `${id}!` });
  }
  expect(hands.letters()).toEqual(["a", "b", "c"]);
  expect(log.complaints).toHaveLength(1);
});

it("a gateway whose job was given to another is told so, and its late result counts for nothing", async () => {
  const open = (lockMs: number) => {
    const times = { lockMs, lookMs: 100 };
    const jobs = openValkeyJobs({ url: server.url, installation: "zombie", times, log });
    opened.push(jobs);
    return jobs.open(LETTERS);
  };
  const zombie = open(1_000);
  let told: unknown;
  const begun = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  zombie.work(async ({ signal }) => {
    signal.addEventListener("abort", () => (told = signal.reason));
    begun.resolve();
    await late.promise;
    return { word: "of the zombie" };
  });
  await zombie.add("a", { letter: "a" });
  await begun.promise;
  // As if it had stood still for so long; before there is another one, whose lock this could be.
  const connection = new Redis(server.url);
  await connection.del("{upreel-zombie}:letters:job-a:lock");
  const next = open(30_000);
  const hands = makeHands();
  next.work(hands.handler);
  await hands.begins(1);
  await eventually("it is told", () => told);
  expect(String(told)).toContain("given to another gateway");
  late.resolve();
  hands.end("a");
  expect(await next.finished("a", NEVER)).toEqual({ word: "a!" });
  connection.disconnect();
});
