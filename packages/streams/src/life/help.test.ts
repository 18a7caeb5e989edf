import type { Offer } from "@upreel/core";
import { expect, it } from "vitest";
import { timelineOf } from "../testing/films.ts";
import { seenWith, withOneRun } from "../testing/lives.ts";
import { helpOf, speedsOfCrew, type Crew } from "./help.ts";
import type { State } from "./state.ts";
import type { Seen } from "./step.ts";

const OFFER: Offer = {
  ...{ id: "farm:a/0", machine: "farm:a", providers: [], cores: 1, speeds: [] },
};
const CREW: Crew = { idle: [OFFER], byPlace: new Map() };
const HALF_SECONDS = 200;

/** A viewer at the start who has 20 s ready, and a run behind that which has shown nothing yet. */
function begun(speedsAt: State["speedsAt"]): { readonly state: State; readonly seen: Seen } {
  const state = withOneRun("working", 40);
  const run = state.runs.get("r");
  if (run === undefined) throw new Error("no run");
  const timeline = timelineOf(HALF_SECONDS);
  const progress = { frames: 0, fps: 0, saved: 0 };
  const order = { ...run.order, timeline, fromSegment: 40, toSegment: HALF_SECONDS };
  const fresh = { ...run, order, progress, next: 40, to: HALF_SECONDS };
  const seen: Seen = {
    ...seenWith(Array.from({ length: 40 }, (_, k) => k)),
    audience: {
      positions: () => [{ seconds: 0, lastAsked: 0, plays: "stream", isPaused: false }],
      isExpected: () => true,
      expectedSeconds: 0,
    },
  };
  const record = { ...state.record, timeline };
  return { state: { ...state, record, speedsAt, runs: new Map([["r", fresh]]) }, seen };
}

it("a helper leaves a run that has just begun as much as its machine makes while there is enough to see", () => {
  const unknown = begun(new Map());
  const known = begun(new Map([[undefined, 0.7]]));
  const from = ({ state, seen }: typeof known) =>
    helpOf(state, seen, CREW, () => 0.7).needFor(0)?.gap.from;
  // 6 s of a machine that nobody knows; three quarters of the 20 s, over the 0.3 that it loses each second, of one that is known.
  expect(from(unknown)).toBe(40 + 12);
  expect(from(known)).toBe(40 + Math.ceil((((0.75 * 20) / 0.3) * 0.7) / 0.5));
});

it("a machine that fetched its network before its first picture helps again", () => {
  const { state, seen } = begun(new Map([[undefined, 0.7]]));
  const helped = (startSeconds: number): boolean => {
    const startsAt = new Map([["farm:a", startSeconds]]);
    return helpOf({ ...state, startsAt }, seen, CREW, () => 0.7).needFor(0) !== undefined;
  };
  expect(helped(1)).toBe(true);
  expect(helped(280)).toBe(true);
});

it("of machines that cannot make it none is asked for twice, and the others share what is left", () => {
  const { state, seen } = begun(new Map([[undefined, 0.7]]));
  const offers = Array.from({ length: 200 }, (_, n): Offer => {
    const machine = `farm:${n}`;
    return { ...OFFER, id: `${machine}/0`, machine };
  });
  let asked = 0;
  const speedAt = ({ machine }: Offer): number => {
    asked += 1;
    return machine === "farm:0" ? 0 : 2;
  };
  const background = {
    ...seen,
    audience: { positions: () => [], isExpected: () => false, expectedSeconds: 0 },
  };
  const speedOf = speedsOfCrew(state, background, speedAt);
  const crew = { idle: offers, byPlace: new Map(offers.map((each) => [each.machine, each])) };
  const help = () => helpOf(state, background, crew, speedOf);
  expect(help().needFor(0)).toBeUndefined();
  const part = ({ to = 0, from = 0 } = {}) => to - from;
  const crowded = part(help().needFor(1)?.gap);
  const last = part(help().needFor(199)?.gap);
  expect(crowded).toBeGreaterThan(0);
  // Nobody is left who could help as well.
  expect(last).toBeGreaterThan(10 * crowded);
  expect(asked).toBe(200);
});

it("a film that ends soon has nothing for anybody, whom nobody asks", () => {
  const { state, seen } = begun(new Map());
  const run = state.runs.get("r");
  if (run === undefined) throw new Error("no run");
  const speedOf = (): number => {
    throw new Error("a speed was asked for");
  };
  const ending = { ...state, runs: new Map([["r", { ...run, next: HALF_SECONDS - 3 }]]) };
  const ready = new Set(Array.from({ length: HALF_SECONDS - 3 }, (_, k) => k));
  expect(helpOf(ending, { ...seen, ready }, CREW, speedOf).isNone).toBe(true);
});
