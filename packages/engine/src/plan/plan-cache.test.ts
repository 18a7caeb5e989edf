import { makeManualClock } from "@upreel/testkit";
import type { Plan, Planner } from "@upreel/streams";
import { expect, it } from "vitest";
import { cachePlans } from "./plan-cache.ts";

const FILE = { path: "/films/a.mkv", sizeBytes: 1, modifiedMs: 2 };
const PROFILE = { model: "auto", scale: 2, encoder: "auto", quality: 20 } as const;
const { signal } = new AbortController();

function counting(): Planner & { calls: number; isBroken: boolean } {
  const planner = {
    calls: 0,
    isBroken: false,
    async plan(): Promise<Plan> {
      planner.calls += 1;
      if (planner.isBroken) throw new Error("broken");
      return {} as Plan;
    },
    planWhole: async () => ({}) as Plan,
    planGrowing: async () => ({}) as Plan,
    follow: () => {
      throw new Error("not needed here");
    },
    ladderFor: async () => [],
  };
  return planner;
}

it("a film that was planned beforehand starts with that plan, once", async () => {
  const planner = counting();
  const cache = cachePlans(planner, makeManualClock());
  await Promise.all([cache.prepare(FILE, PROFILE), cache.prepare(FILE, PROFILE)]);
  await cache.plan(FILE, PROFILE, signal);
  expect(planner.calls).toBe(1);
  await cache.plan(FILE, PROFILE, signal);
  await cache.plan({ ...FILE, sizeBytes: 3 }, PROFILE, signal);
  expect(planner.calls).toBe(3);
});

it("who is cancelled does not wait for a plan that others have begun", async () => {
  const planner = counting();
  const cache = cachePlans(
    { ...planner, plan: () => new Promise<never>(() => undefined) },
    makeManualClock(),
  );
  void cache.prepare(FILE, PROFILE);
  const job = new AbortController();
  const planned = cache.plan(FILE, PROFILE, job.signal);
  job.abort();
  await expect(planned).rejects.toMatchObject({ name: "AbortError" });
});

it("an old plan and a failed one are made anew", async () => {
  const planner = counting();
  const clock = makeManualClock();
  const cache = cachePlans(planner, clock);
  await cache.prepare(FILE, PROFILE);
  clock.advance(11 * 60_000);
  await cache.plan(FILE, PROFILE, signal);
  expect(planner.calls).toBe(2);
  planner.isBroken = true;
  const failing = cache.prepare(FILE, PROFILE);
  const playing = cache.plan(FILE, PROFILE, signal);
  await expect(failing).rejects.toThrow("broken");
  await expect(playing).rejects.toThrow("broken");
});
