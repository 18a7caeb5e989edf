import type { Offer } from "@upreel/core";
import { expect, it } from "vitest";
import { timelineOf } from "../testing/films.ts";
import { seenWith, withOneRun } from "../testing/lives.ts";
import { helpAt } from "./help.ts";
import type { State } from "./state.ts";
import type { Seen } from "./step.ts";

const OFFER: Offer = {
  ...{ id: "farm:a/0", machine: "farm:a", providers: [], cores: 1, speeds: [] },
};
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
      positions: () => [{ seconds: 0, lastAsked: 0, plays: "stream" }],
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
    helpAt(state, seen, OFFER, { idle: [], offers: [] }, () => 0.7)?.gap.from;
  // 6 s of a machine that nobody knows; half of the 20 s, over the 0.3 that it loses each second, of one that is known.
  expect(from(unknown)).toBe(40 + 12);
  expect(from(known)).toBe(40 + Math.ceil(((20 / 2 / 0.3) * 0.7) / 0.5));
});

it("a machine that fetched its network before its first picture helps again", () => {
  const { state, seen } = begun(new Map([[undefined, 0.7]]));
  const helped = (startSeconds: number): boolean => {
    const startsAt = new Map([["farm:a", startSeconds]]);
    const crew = { idle: [], offers: [] };
    return helpAt({ ...state, startsAt }, seen, OFFER, crew, () => 0.7) !== undefined;
  };
  expect(helped(1)).toBe(true);
  expect(helped(280)).toBe(true);
});
