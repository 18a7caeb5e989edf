import type { Offer } from "@upreel/core";
import { expect, it } from "vitest";
import { PLAN, seenWith, withOneRun } from "../testing/lives.ts";
import { hedgeAt } from "./hedge.ts";
import { reduce } from "./reduce.ts";
import { beginRun } from "./runs.ts";
import type { State } from "./state.ts";
import type { Seen } from "./step.ts";

const offerOf = (name: string): Offer => ({
  ...{ id: `farm:${name}/0`, machine: `farm:${name}`, providers: [], cores: 1, speeds: [] },
});

/** Half-second segments: three are made, the fourth is being made on machine a, for a viewer who has half a second left. */
function waitingFor(phase: "working" | "parked" = "working"): State {
  const state = withOneRun(phase, 3);
  const run = state.runs.get("r");
  if (run === undefined) throw new Error("no run");
  const lastGood = { next: 3, frames: 36, atMs: 1_000 };
  const order = { ...run.order, machine: "farm:a" };
  return { ...state, runs: new Map([["r", { ...run, order, lastGood }]]) };
}

const seenAt = (nowMs: number, ready: readonly number[] = [0, 1, 2]): Seen => ({
  ...seenWith(ready, nowMs),
  audience: {
    positions: () => [{ seconds: 1, lastAsked: 3, plays: "stream", isPaused: false }],
    isExpected: () => true,
    expectedSeconds: 0,
  },
});

it("what a viewer waits for is made by a second machine as well once it is late, by no third one", () => {
  const state = waitingFor();
  const at = (name: string, nowMs: number) =>
    hedgeAt(state, seenAt(nowMs), offerOf(name), () => 1)?.gap;
  expect(at("b", 3_900)).toBeUndefined();
  expect(at("b", 4_100)).toEqual({ from: 3, to: 5 });
  expect(at("a", 4_100)).toBeUndefined();
  // A machine that is slow is given its time.
  const slow = { ...state, speedsAt: new Map([["farm:a", 0.1]]) };
  const ofSlow = (nowMs: number) => hedgeAt(slow, seenAt(nowMs), offerOf("b"), () => 1);
  expect([ofSlow(10_900), ofSlow(11_100)?.gap]).toEqual([undefined, { from: 3, to: 5 }]);
  expect(hedgeAt(state, seenAt(4_100), offerOf("b"), () => 0)).toBeUndefined();
  expect(hedgeAt(waitingFor("parked"), seenAt(4_100), offerOf("b"), () => 1)).toBeUndefined();
});

it("the one that was late goes on, and its hedge is over when both segments are there", () => {
  const state = waitingFor();
  const need = hedgeAt(state, seenAt(5_000), offerOf("b"), () => 1);
  if (need === undefined) throw new Error("nothing is late");
  const begun = beginRun(state, need, "hedge", PLAN, seenAt(5_000));
  expect(begun.effects.map(({ kind }) => kind)).toEqual(["start-run"]);
  expect(begun.state.runs.get("r")?.isHedged).toBe(true);
  expect(hedgeAt(begun.state, seenAt(6_000), offerOf("c"), () => 1)).toBeUndefined();
  let now = begun.state;
  const cancelled: string[] = [];
  for (const segment of [3, 4]) {
    const ready = [0, 1, 2, 3, 4].filter((k) => k <= segment);
    for (const run of ["hedge", "r"]) {
      const step = reduce(now, { kind: "segment-published", run, segment }, seenAt(6_000, ready));
      now = step.state;
      cancelled.push(
        ...step.effects.flatMap((effect) => (effect.kind === "cancel-run" ? effect.run : [])),
      );
    }
  }
  expect(cancelled).toEqual(["hedge"]);
  expect(now.runs.get("r")).toMatchObject({ next: 5, phase: "working" });
});
