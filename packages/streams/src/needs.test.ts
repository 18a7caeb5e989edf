import { describe, expect, it } from "vitest";
import { RANK, type LiveRun, type NeedsView } from "./need.ts";
import { needsOf } from "./needs.ts";
import type { Plays } from "./viewer.ts";
import { timelineOf } from "./testing/films.ts";

/** Segments of half a second, 12 frames each. */
const view = (change: Partial<NeedsView> = {}): NeedsView => ({
  ...{ stream: "s", order: 1, priority: "viewer", timeline: timelineOf(1_000), wanted: 0 },
  ...{ isPlanning: false, ready: new Set<number>(), viewers: [], isViewerExpected: false },
  ...{ runs: [], expectedFps: 48, startSeconds: 3, remakes: undefined, preparedFrom: undefined },
  ...change,
});
const seen = (plays: Plays, ...positions: number[]) =>
  positions.map((seconds) => ({ seconds, lastAsked: undefined, plays, isPaused: false }));
const watching = (...positions: number[]) => seen("stream", ...positions);
const run = (next: number, to: number, change: Partial<LiveRun> = {}): LiveRun => ({
  ...{ id: `run ${next}`, kind: "make", next, to, phase: "working" },
  pace: { frame: next * 12, fps: 48 },
  ...change,
});
const range = (from: number, to: number) =>
  new Set(Array.from({ length: to - from }, (_, k) => from + k));
const shown = (change: Partial<NeedsView>) =>
  needsOf(view(change)).map(({ gap, run: by, rank }) => [gap.from, gap.to, by, rank]);

describe("what a stream needs", () => {
  it("is a plan first, with the rank of who wants it", () => {
    const rankOf = (change: Partial<NeedsView>) =>
      needsOf(view({ timeline: undefined, ...change })).map(({ kind, rank }) => [kind, rank]);
    expect(rankOf({ isViewerExpected: true })).toEqual([["plan", RANK.watched]]);
    expect(rankOf({ priority: "next" })).toEqual([["plan", RANK.next]]);
  });

  it("is one run for viewers whom it reaches in time, and one each for those it does not", () => {
    // At twice real time a run from 0 is at 8 s after 4 s.
    expect(shown({ viewers: watching(0, 3) })).toEqual([[0, 1_000, undefined, RANK.watched]]);
    expect(shown({ viewers: watching(0, 8) })).toEqual([
      [0, 1_000, undefined, RANK.watched],
      [16, 1_000, undefined, RANK.watched],
    ]);
    const ready = range(16, 40);
    expect(shown({ viewers: watching(0, 8), ready })).toEqual([
      [0, 16, undefined, RANK.watched],
      [40, 1_000, undefined, RANK.watched],
    ]);
  });

  it("is the run that is there, as long as it gets there in time; also one that is parked", () => {
    const runs = [run(10, 1_000, { phase: "parked" })];
    expect(shown({ viewers: watching(6), ready: range(0, 10), runs })).toEqual([
      [10, 1_000, "run 10", RANK.watched],
    ]);
    expect(shown({ viewers: watching(400), runs })).toEqual([
      [800, 1_000, undefined, RANK.watched],
    ]);
    expect(shown({ viewers: watching(2), runs })).toEqual([[4, 10, undefined, RANK.watched]]);
  });

  it("is one ahead of who plays the original, and where he is for who plays the stream", () => {
    const runs = [run(10, 1_000)];
    expect(shown({ viewers: watching(15), runs })).toEqual([[30, 1_000, undefined, RANK.watched]]);
    // Three seconds to start, and two and a half for five seconds of film.
    expect(shown({ viewers: seen("original", 15), runs })).toEqual([
      [41, 1_000, undefined, RANK.watched],
    ]);
    expect(shown({ viewers: [...watching(5), ...seen("original", 15)], runs })).toEqual([
      [10, 1_000, "run 10", RANK.watched],
      [41, 1_000, undefined, RANK.watched],
    ]);
  });

  it("is one where he is for who pauses the original: nobody waits for it, and it has time to get ready", () => {
    const paused = seen("original", 15).map((each) => ({ ...each, isPaused: true }));
    const runs = [run(41, 1_000)];
    expect(shown({ viewers: paused, runs })).toEqual([[30, 41, undefined, RANK.watched]]);
    expect(needsOf(view({ viewers: paused }))).toMatchObject([{ waiting: "no" }]);
    expect(shown({ viewers: paused, ready: range(20, 36) })).toEqual([
      [36, 1_000, undefined, RANK.watched],
    ]);
  });

  it("is nothing for a viewer who has all to the end, but the gaps are filled", () => {
    expect(shown({ viewers: watching(400), ready: range(700, 1_000), wanted: 700 })).toEqual([
      [0, 700, undefined, RANK.viewer],
    ]);
    expect(shown({ ready: range(0, 100), priority: "background", wanted: 200 })).toEqual([
      [200, 1_000, undefined, RANK.background],
    ]);
  });

  it("is making again when nothing is missing", () => {
    const remakes = { from: 3, to: 9 };
    expect(needsOf(view({ ready: range(0, 1_000), remakes }))).toMatchObject([
      { kind: "remake", gap: remakes, rank: RANK.remake },
    ]);
    const going = [run(5, 9, { kind: "remake" })];
    expect(shown({ ready: range(0, 1_000), remakes, runs: going })).toEqual([
      [5, 9, "run 5", RANK.remake],
    ]);
    expect(shown({ ready: range(0, 999), remakes })).toEqual([
      [999, 1_000, undefined, RANK.viewer],
    ]);
  });
});
