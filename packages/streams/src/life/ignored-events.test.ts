import { expect, it } from "vitest";
import {
  PLAN,
  seenWith,
  NEW,
  MAKING,
  UNPLANNED,
  PLANNING,
  PAUSED,
  STOPPING,
  FAILING,
  ARCHIVING,
  error,
  given,
  started,
  planned,
  archived,
  ended,
  withOneRun,
  working,
} from "../testing/lives.ts";
import type { StateEvent } from "./events.ts";
import { reduce } from "./reduce.ts";
import type { State } from "./state.ts";

it.each<[string, State, StateEvent]>([
  ["a start while it works", working(MAKING), started],
  ["a start while a run ends", { ...withOneRun("ending"), phase: STOPPING.phase }, started],
  ["a stop while it rests", NEW, { kind: "stopped" }],
  ["a second stop", STOPPING, { kind: "stopped" }],
  ["a cancel while it works", working(MAKING), { kind: "cancelled" }],
  ["a pause while it rests", NEW, { kind: "paused", isPaused: true }],
  ["a pause while it is paused", PAUSED, { kind: "paused", isPaused: true }],
  ["a place while it is paused", PAUSED, given(working(MAKING))],
  ["a place while it stops", STOPPING, given(working(MAKING))],
  ["a place while it archives", ARCHIVING, given(working(MAKING))],
  ["a place for a plan that it has", working(MAKING), given(UNPLANNED)],
  ["a place for a plan while it plans", PLANNING, given(UNPLANNED)],
  ["a plan while it stops", { ...PLANNING, phase: STOPPING.phase }, planned],
  ["a plan of an earlier life", { ...PLANNING, life: 2 }, planned],
  ["a plan that comes twice", working(MAKING), planned],
  ["a review after it failed", FAILING, { kind: "reviewed", life: 1, plan: PLAN, whole: PLAN }],
  ["an archive that it does not wait for", working(MAKING), archived],
  ["a failure while it stops", STOPPING, { kind: "failed", life: 1, error }],
  ["a second failure", FAILING, { kind: "failed", life: 1, error }],
  [
    "a failure of an earlier life",
    { ...working(MAKING), life: 2 },
    { kind: "failed", life: 1, error },
  ],
  ["what a run tells that is over", working(MAKING), ended],
  [
    "a segment of a run that is over",
    working(MAKING),
    { kind: "segment-published", run: "r", segment: 0 },
  ],
  [
    "a segment that another run makes",
    withOneRun(),
    { kind: "segment-published", run: "r", segment: 1 },
  ],
  ["a segment past the end", working(MAKING), { kind: "asked", segment: 10 }],
  ["a lower priority", working(MAKING), { kind: "priority-raised", priority: "background" }],
  ["a look while something is missing", working(MAKING), { kind: "looked" }],
  [
    "a start of work of a run that was ended",
    withOneRun("ending"),
    { kind: "run-working", run: "r" },
  ],
  ["the end of a run that ends", withOneRun("ending"), { kind: "run-unneeded", run: "r" }],
])("ignores %s", (_, state, event) => {
  expect(reduce(state, event, seenWith())).toEqual({ state, effects: [] });
});
