import { setImmediate as nextTurn } from "node:timers/promises";
import { UpreelError, type FileIdentity } from "@upreel/core";
import { makeRecordingLog } from "@upreel/testkit";
import type { Plan, Planner } from "@upreel/streams";
import { describe, expect, it } from "vitest";
import { queuePlans } from "./plan-queue.ts";

const PROFILE = { model: "auto", scale: 2, encoder: "auto", quality: 20 } as const;
const file = (n: number): FileIdentity => ({
  ...{ path: `/films/${n}.mkv`, sizeBytes: 1, modifiedMs: 1 },
});
const slow = (): UpreelError => new UpreelError("timeout", "ffprobe did not answer");

/** Plans that end when the test says so. */
function openPlanner(atATime = 2) {
  const begun: { path: string; signal: AbortSignal; done: PromiseWithResolvers<Plan> }[] = [];
  const whole: string[] = [];
  const planner: Planner = {
    plan({ path }, _, signal) {
      const done = Promise.withResolvers<Plan>();
      begun.push({ path, signal, done });
      return done.promise;
    },
    planWhole: async ({ path }) => {
      whole.push(path);
      return {} as Plan;
    },
    planGrowing: async () => ({}) as Plan,
    follow: () => {
      throw new Error("not needed here");
    },
    ladderFor: async () => [],
  };
  const log = makeRecordingLog();
  const quiet = Promise.withResolvers<void>();
  return {
    begun,
    whole,
    quiet,
    queued: queuePlans(planner, {
      atATime,
      log,
      whenAnswered: async () => {},
      whenQuiet: () => quiet.promise,
    }),
  };
}
const never = new AbortController().signal;
const plan = {} as Plan;

describe("three hundred films at once", () => {
  it("are read two at a time, in the order of their triggers", async () => {
    const { begun, queued } = openPlanner();
    const all = Array.from({ length: 300 }, (_, n) => queued.plan(file(n), PROFILE, never));
    for (let n = 0; n < 300; n += 1) {
      await nextTurn();
      expect(begun.length).toBe(Math.min(300, n + 2));
      begun[n]?.done.resolve(plan);
    }
    expect(await Promise.all(all)).toHaveLength(300);
    expect(begun.map(({ path }) => path)).toEqual(all.map((_, n) => file(n).path));
  });

  it("leave the queue at once when they are cancelled, and what has begun is told", async () => {
    const { begun, queued } = openPlanner();
    const job = new AbortController();
    const all = Array.from({ length: 300 }, (_, n) => queued.plan(file(n), PROFILE, job.signal));
    await nextTurn();
    job.abort();
    for (const { done, signal } of begun) done.reject(signal.reason);
    const ends = await Promise.allSettled(all);
    expect(ends.every(({ status }) => status === "rejected")).toBe(true);
    expect(begun).toHaveLength(2);
    const next = queued.plan(file(1), PROFILE, never);
    await nextTurn();
    begun[2]?.done.resolve(plan);
    expect(await next).toBe(plan);
  });
});

describe("a film that was read too slowly", () => {
  it("is read again, behind those that were not read yet", async () => {
    const { begun, queued } = openPlanner(1);
    const first = queued.plan(file(0), PROFILE, never);
    const second = queued.plan(file(1), PROFILE, never);
    await nextTurn();
    begun[0]?.done.reject(slow());
    await nextTurn();
    begun[1]?.done.resolve(plan);
    expect(await second).toBe(plan);
    await nextTurn();
    begun[2]?.done.resolve(plan);
    expect(await first).toBe(plan);
    expect(begun.map(({ path }) => path)).toEqual([file(0).path, file(1).path, file(0).path]);
  });

  it("fails when it is so again and again, and at once for any other reason", async () => {
    const { begun, queued } = openPlanner(1);
    const slowOne = queued.plan(file(0), PROFILE, never);
    const failing = expect(slowOne).rejects.toMatchObject({ code: "timeout" });
    for (let n = 0; n < 4; n += 1) {
      await nextTurn();
      begun[n]?.done.reject(slow());
    }
    await failing;
    const bad = queued.plan(file(1), PROFILE, never);
    const refused = expect(bad).rejects.toMatchObject({ code: "source_no_video" });
    await nextTurn();
    begun[4]?.done.reject(new UpreelError("source_no_video", "no film"));
    await refused;
    expect(begun).toHaveLength(5);
  });
});

it("all of a film is read when nobody waits, and not for one that is over by then", async () => {
  const { whole, quiet, queued } = openPlanner();
  const job = new AbortController();
  const [first, second] = [job.signal, never].map((signal, n) =>
    queued.planWhole(file(n), PROFILE, signal),
  );
  await nextTurn();
  expect(whole).toEqual([]);
  job.abort();
  quiet.resolve();
  await expect(first).rejects.toMatchObject({ name: "AbortError" });
  await second;
  expect(whole).toEqual([file(1).path]);
});
