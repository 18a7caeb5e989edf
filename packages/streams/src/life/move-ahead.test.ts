import type { Offer } from "@upreel/core";
import { expect, it } from "vitest";
import { timelineOf } from "../testing/films.ts";
import { seenWith, withOneRun } from "../testing/lives.ts";
import { moveAhead } from "./move-ahead.ts";
import type { RunState, State } from "./state.ts";
import type { Seen } from "./step.ts";

const HALF_SECONDS = 400;
const offerOf = (name: string): Offer => ({
  ...{ id: `farm:${name}/0`, machine: `farm:${name}`, providers: [], cores: 1, speeds: [] },
});
const BY_PLACE = new Map(["a", "b"].map((name) => [`farm:${name}`, offerOf(name)]));

/** Machine a makes the film from 5 s on, and b what the viewer comes to, from 100 s on. */
function bothAtWork(): State {
  const state = withOneRun("working", 10);
  const run = state.runs.get("r");
  if (run === undefined) throw new Error("no run");
  const timeline = timelineOf(HALF_SECONDS);
  const at = (name: string, next: number, to: number): readonly [string, RunState] => [
    name,
    {
      ...{ ...run, next, to, progress: { frames: 12, fps: 12, saved: 0 } },
      order: {
        ...{ ...run.order, runId: name, machine: `farm:${name}`, timeline },
        ...{ fromSegment: next - 1, toSegment: to },
      },
    },
  ];
  const runs = new Map([at("a", 10, 200), at("b", 200, HALF_SECONDS)]);
  const speedsAt = new Map([
    ["farm:a", 0.5],
    ["farm:b", 0.5],
  ]);
  return { ...state, record: { ...state.record, timeline }, runs, speedsAt };
}

/** Somebody plays the original, and is so far. */
const seenAt = (seconds: number, ready: readonly number[] = []): Seen => ({
  ...seenWith(ready),
  audience: {
    positions: () => [{ seconds, lastAsked: undefined, plays: "original", isPaused: false }],
    isExpected: () => true,
    expectedSeconds: 0,
  },
});
const moved = (seen: Seen, state = bothAtWork(), byPlace: ReadonlyMap<string, Offer> = BY_PLACE) =>
  moveAhead(state, seen, byPlace, () => 0.5);

it("a machine whose run the viewer has passed makes a part of what that viewer comes to", () => {
  expect(moved(seenAt(30))).toMatchObject({
    run: "a",
    need: { machine: "farm:a", run: undefined },
  });
  expect(moved(seenAt(30))?.need.gap.from).toBeGreaterThan(200);
});

it("one that the viewer still comes to goes on, and so does one that nobody waits for", () => {
  expect(moved(seenAt(4))).toBeUndefined();
  expect(moved(seenWith())).toBeUndefined();
});

it("a hole is filled where nothing ahead can be shared, or where its machine gets no new work", () => {
  const ending = bothAtWork();
  const b = ending.runs.get("b");
  if (b === undefined) throw new Error("no run");
  const next = HALF_SECONDS - 3;
  const made = Array.from({ length: next - 200 }, (_, k) => 200 + k);
  const nearlyDone = { ...ending, runs: new Map(ending.runs).set("b", { ...b, next }) };
  expect(moved(seenAt(30, made), nearlyDone)).toBeUndefined();
  expect(moved(seenAt(30), bothAtWork(), new Map())).toBeUndefined();
});
