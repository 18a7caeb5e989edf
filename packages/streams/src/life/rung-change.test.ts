import { nameOfRung, PLAIN_SCALER, type Offer } from "@upreel/core";
import { expect, it } from "vitest";
import { withLadder } from "../rungs.ts";
import { NETWORK, timelineOf } from "../testing/films.ts";
import { seenWith, withOneRun } from "../testing/lives.ts";
import { speedOfNew } from "./help.ts";
import { reduce } from "./reduce.ts";
import type { RunState, State } from "./state.ts";
import type { Seen } from "./step.ts";

const BEST = { model: { ...NETWORK, id: "best" }, provider: "cpu" };
const QUICK = { model: { ...NETWORK, id: "quick" }, provider: "cpu" };
const LADDER = [
  { rung: BEST, expectedSpeed: 3 },
  { rung: QUICK, expectedSpeed: 9 },
  { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 20 },
];
/** Segments of half a second. */
const MADE = 20;

/** With a viewer at the start of the film, and more ready than a change to the best rung costs. */
const SEEN: Seen = {
  ...seenWith(Array.from({ length: MADE + 1 }, (_, k) => k)),
  audience: {
    positions: () => [{ seconds: 0, lastAsked: undefined, plays: "stream", isPaused: false }],
    isExpected: () => true,
    expectedSeconds: 0,
  },
};

/** A run at its opening rung, which is to be left at the end of its next segment. */
function opening(phase: RunState["phase"]): State {
  const state = withOneRun(phase, MADE);
  const run = state.runs.get("r");
  if (run === undefined) throw new Error("no run");
  const timeline = timelineOf(100);
  const order = { ...run.order, timeline, toSegment: 100, rung: QUICK, otherRungs: [BEST] };
  return {
    ...state,
    record: { ...state.record, timeline },
    rungs: withLadder({ ...state.rungs, isAuto: true }, LADDER, 0),
    runs: new Map([["r", { ...run, order, to: 100, level: 1 }]]),
  };
}

it("tells a run to change its rung once there is a worker that hears it", () => {
  const event = { kind: "segment-published", run: "r", segment: MADE } as const;
  const early = reduce(opening("starting"), event, SEEN);
  expect(early.effects.map(({ kind }) => kind)).not.toContain("set-rung");
  expect(early.state.runs.get("r")?.awaitsRung).toBe(false);
  const { effects } = reduce(opening("working"), event, SEEN);
  expect(effects.map(({ kind }) => kind)).toContain("set-rung");
});

it("a network that one machine cannot load is refused there alone", () => {
  const state = opening("working");
  const run = state.runs.get("r");
  if (run === undefined) throw new Error("no run");
  const [name, reason] = [nameOfRung(BEST), { code: "model_unusable", message: "none" } as const];
  const there = { ...run, order: { ...run.order, machine: "farm:a" } };
  const beside = { ...state, runs: new Map([["r", there]]) };
  const refused = { ...run.progress, refused: [{ ...name, reason }] };
  const told = reduce(beside, { kind: "run-progress", run: "r", progress: refused }, SEEN).state;
  const speeds = ["farm:a", "farm:b", undefined].map((machine) => {
    const offer: Offer = {
      ...{ id: "", machine: machine ?? "here", providers: [], cores: 1, speeds: [] },
    };
    return speedOfNew({ ...told, runs: new Map() }, seenWith(), offer, () => 3);
  });
  expect(speeds).toEqual([0, 3, 3]);
  // It stays where it is; the machine of the streams climbs.
  const event = { kind: "segment-published", run: "r", segment: MADE } as const;
  const kinds = (at: State) => reduce(at, event, SEEN).effects.map(({ kind }) => kind);
  expect(kinds(told)).not.toContain("set-rung");
  expect(kinds({ ...told, runs: new Map([["r", run]]) })).toContain("set-rung");
});

it("records what restores faces as what it made, from the segment on in which that failed", () => {
  const network = { id: "x", hash: "0" };
  const faces = { strength: 1, provider: "cpu", detector: network, restorer: network };
  const faced = { ...BEST, model: { ...BEST.model, id: "best+faces" }, faces };
  const state = opening("working");
  const run = state.runs.get("r") ?? expect.unreachable();
  const before = { ...nameOfRung(faced), fromSegment: 0 };
  const later = { ...nameOfRung(QUICK), fromSegment: MADE + 4 };
  // With its networks alone in the order, too: where it must keep no speed.
  for (const otherRungs of [[BEST, QUICK], [QUICK]]) {
    const progress = { ...run.progress, frames: 1, rungs: [before, later] };
    const order = { ...run.order, fromSegment: 0, rung: faced, otherRungs };
    const restoring = {
      ...run,
      ...{ order, progress, next: MADE + 2 },
    };
    const made = [{ from: 0, to: MADE + 2, model: "best+faces", provider: "cpu" }];
    const at: State = {
      ...state,
      record: { ...state.record, made },
      runs: new Map([["r", restoring]]),
    };
    // Two segments were published before it was told, and the change to another network lies ahead.
    const failed = { ...nameOfRung(BEST), fromSegment: MADE };
    const rungs = [before, failed, later];
    const event = { kind: "run-progress", run: "r", progress: { ...progress, rungs } } as const;
    const { made: told } = reduce(at, event, SEEN).state.record;
    expect(told).toEqual([
      { from: 0, to: MADE, model: "best+faces", provider: "cpu" },
      { from: MADE, to: MADE + 2, model: "best", provider: "cpu" },
    ]);
  }
});
