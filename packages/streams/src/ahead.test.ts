import { makeTimeline } from "@upreel/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { placeAhead } from "./ahead.ts";
import type { LiveRun, NeedsView } from "./need.ts";
import { makeWorld } from "./testing/fake-world.ts";
import { NETWORK, film, timelineOf } from "./testing/films.ts";
import { simulate } from "./testing/simulate.ts";

/** 100 s, 24 frames a second, in segments of half a second. */
const TIMELINE = timelineOf(200);

const place = (seconds: number, change: Partial<NeedsView> = {}) =>
  placeAhead(
    {
      ...{ stream: "s", order: 1, priority: "viewer", timeline: TIMELINE, wanted: 0 },
      ...{ isPlanning: false, ready: new Set<number>(), viewers: [], isViewerExpected: false },
      ...{
        runs: [],
        expectedFps: 24,
        startSeconds: 3,
        remakes: undefined,
        preparedFrom: undefined,
      },
      ...change,
    },
    TIMELINE,
    seconds,
  );
const run = (next: number, fps: number): LiveRun => ({
  ...{ id: "run", kind: "make", next, to: 200, phase: "working" },
  pace: { frame: next * 12, fps },
});
const range = (from: number, to: number) =>
  new Set(Array.from({ length: to - from }, (_, k) => from + k));

describe("for a viewer of the original the stream is made", () => {
  it("so far ahead that enough is ready when he comes there", () => {
    // 3 s to start, and 5 s of film at real time.
    expect(place(10)).toEqual({ segment: 36, leadSeconds: 0 });
    // At half of it, 30.3 s in hand last for the 48.5 s that are left there.
    expect(place(0, { expectedFps: 12 })).toMatchObject({ segment: 128 });
    // What is left is made by then.
    expect(place(88, { expectedFps: 12 })).toMatchObject({ segment: 194 });
  });

  it("where he is, when that is hardly later", () => {
    expect(place(10, { expectedFps: 96 })).toMatchObject({ segment: 20 });
  });

  it("by the run that is there, as long as it brings him to the upscaled film", () => {
    expect(place(10, { runs: [run(30, 24)] })).toEqual({ segment: 30, leadSeconds: 0 });
    const ready = range(30, 36);
    expect(place(14, { ready, runs: [run(36, 24)] })).toEqual({ segment: 36, leadSeconds: 3 });
    // Once he is there, the 2 s in hand that stay the same are too few to show him anything.
    expect(place(16, { ready, runs: [run(36, 24)] })).toMatchObject({ segment: 48 });
    // He has nearly overtaken it, and it gets away from him too slowly, …
    expect(place(17.5, { ready, runs: [run(36, 26)] })).toMatchObject({ segment: 51 });
    // … or fast enough.
    expect(place(17.5, { ready, runs: [run(36, 36)] })).toMatchObject({ segment: 36 });
    // It is too far away.
    expect(place(0, { runs: [run(100, 24)] })).toMatchObject({ segment: 16 });
  });

  it("by a run that shows no speed yet as fast as is expected", () => {
    expect(place(16, { runs: [run(34, 0)], expectedFps: 36 })).toMatchObject({ segment: 34 });
    expect(place(16, { runs: [run(34, 0)], expectedFps: 12 })).not.toMatchObject({ segment: 34 });
  });

  it("behind what is ready already, and not at all when that is the rest", () => {
    expect(place(10, { ready: range(30, 60) })).toEqual({ segment: 60, leadSeconds: 15 });
    expect(place(10, { ready: range(24, 200) })).toBeUndefined();
    expect(place(99)).toBeUndefined();
  });
});

// When streams are looked at must not depend on how long a simulation takes here.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());
const look = (): unknown => vi.runOnlyPendingTimers();

/** A film whose machine makes it so fast, just triggered. */
async function begin(filmSeconds: number, speed: number, startSeconds: number, expected = speed) {
  const frames = 24 * filmSeconds;
  const timeline = { ...makeTimeline(frames, { num: 24, den: 1 }), framesPerSegment: 48 };
  const ladder = [{ rung: { model: NETWORK, provider: "cpu" }, expectedSpeed: expected }];
  const world = await makeWorld({ ladder });
  world.timeline = timeline;
  const simulation = simulate(world, timeline, () => speed, startSeconds, look);
  const { id } = await world.streams.trigger(film("a"));
  await simulation.pass(0.5);
  return { world, simulation, page: simulation.open(id, 0) };
}

describe("who opens a film that is upscaled too slowly", () => {
  /** He pauses and goes on by turns, so many seconds after the last time. */
  async function open(
    filmSeconds: number,
    speed: number,
    expected = speed,
    startSeconds = 3,
    pausesAfter: readonly number[] = [],
  ) {
    const begun = await begin(filmSeconds, speed, startSeconds, expected);
    await using world = begun.world;
    const { simulation, page } = begun;
    for (const [index, seconds] of pausesAfter.entries()) {
      await simulation.pass(seconds);
      page.pause(index % 2 === 0);
    }
    await simulation.pass(filmSeconds + 10, page.isOver);
    return { page, runs: world.runs.length };
  }

  for (const [filmSeconds, speed, firstSeconds] of [
    [12, 0.5, 10],
    [12, 1, 8],
    [30, 0.5, 20],
    [30, 0.9, 10],
    [50, 0.7, 22],
    [50, 1.1, 8],
  ] as const)
    it(`sees the upscaled picture of ${filmSeconds} s at ${speed}× after ${firstSeconds} s, to the end`, async () => {
      const { page, runs } = await open(filmSeconds, speed);
      expect(Math.abs(page.firstUpscaled() - firstSeconds)).toBeLessThan(0.5);
      expect(page.fallbacks()).toBe(0);
      expect(page.upscaledFor()).toBeGreaterThan(filmSeconds - firstSeconds - 1);
      // One for whoever triggered it, one ahead, and what fills the hole.
      expect(runs).toBeLessThanOrEqual(3);
    });

  it("sees it too where the machine is slower than was expected, or starts late", async () => {
    const slower = await open(50, 0.7, 1.2);
    expect(slower.page.firstUpscaled()).toBeLessThan(30);
    expect(slower.runs).toBeLessThanOrEqual(3);
    // How long a run takes to its first picture is learned from those that were ended before it.
    const late = await open(50, 0.9, 0.9, 10);
    expect(late.page.firstUpscaled()).toBeLessThan(42);
    expect(late.runs).toBeLessThanOrEqual(5);
  });

  it("sees it once he goes on, when he lets it catch up meanwhile", async () => {
    const { page, runs } = await open(50, 0.9, 0.9, 3, [4, 15]);
    expect(page.firstUpscaled()).toBeLessThan(19.5);
    expect(page.upscaledFor()).toBeGreaterThan(45);
    expect(runs).toBeLessThanOrEqual(4);
  });

  it("sees it hardly later for a short pause", async () => {
    const { page, runs } = await open(50, 0.9, 0.9, 3, [6, 3]);
    expect(page.firstUpscaled()).toBeLessThan(15);
    expect(runs).toBeLessThanOrEqual(4);
  });

  it("has it for nearly half of a long film at half of real time, by few runs", async () => {
    const { page, runs } = await open(1_200, 0.5);
    expect(page.upscaledFor()).toBeGreaterThan(0.45 * 1_200);
    expect(runs).toBeLessThanOrEqual(6);
  });
});

describe("who jumps to what is not made, and sees the original there after 2.6 s,", () => {
  for (const [speed, startSeconds] of [
    [0.9, 3],
    [1.1, 1.5],
    [1.25, 3],
    [1.5, 3],
    [2, 1.5],
  ] as const)
    it(`sees the upscaled picture soon at ${speed}×, with ${startSeconds} s to start`, async () => {
      const { world, simulation, page } = await begin(240, speed, startSeconds);
      await using _world = world;
      await simulation.pass(12);
      page.jump(168, 2.6);
      await simulation.pass(80, page.isOver);
      expect(page.firstUpscaled()).toBeLessThan(speed < 1 ? 16 : 13);
      expect(page.fallbacks()).toBe(0);
    });
});
