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
    positions: () => [{ seconds: 0, lastAsked: undefined, plays: "stream" }],
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
