import { PLAIN_SCALER, type ModelChoice } from "@upreel/core";
import { expect, it } from "vitest";
import { withLadder } from "../rungs.ts";
import { NETWORK, timelineOf } from "../testing/films.ts";
import { MAKING, NEW, PLANNING, planned, seenWith, withOneRun } from "../testing/lives.ts";
import type { StateEvent } from "./events.ts";
import { reduce } from "./reduce.ts";
import type { RunState, State } from "./state.ts";

const rung = (id: string, expectedSpeed: number) => ({
  ...{ rung: { model: { ...NETWORK, id }, provider: "cpu" }, expectedSpeed },
});
const PLAIN = { rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 20 };
const [BEST, QUICK, OTHER] = [rung("best", 3), rung("quick", 9), rung("other", 2)];
const CHOICE: ModelChoice = { model: "quick" };
const SEEN = seenWith();

/** In the middle of a run that makes it by the best network, and can change to the quick one. */
function making(change: Partial<RunState> = {}): State {
  const state = withOneRun("working");
  const run = state.runs.get("r");
  if (run === undefined) throw new Error("no run");
  const timeline = timelineOf(100);
  const others = [QUICK.rung, PLAIN_SCALER_RUNG];
  const order = { ...run.order, timeline, toSegment: 100, rung: BEST.rung, otherRungs: others };
  return {
    ...state,
    record: { ...state.record, timeline },
    rungs: withLadder({ ...state.rungs, isAuto: true }, [BEST, QUICK, PLAIN], 0),
    runs: new Map([["r", { ...run, order, to: 100, level: 0, ...change }]]),
  };
}
const PLAIN_SCALER_RUNG = PLAIN.rung;

const choose = (state: State, choice = CHOICE) =>
  reduce(state, { kind: "model-chosen", choice }, SEEN);
const laddered = (choice: ModelChoice | undefined, ladder = [QUICK, PLAIN]): StateEvent => ({
  ...{ kind: "laddered", life: 1, ladder, choice },
});
const kinds = ({ effects }: ReturnType<typeof reduce>) => effects.map(({ kind }) => kind);

it("a run goes on with the model that was chosen, from its next segment on", () => {
  const chosen = choose(making());
  expect(chosen.state.record.choice).toEqual(CHOICE);
  expect(kinds(chosen)).toEqual(["save", "ladder", "tell"]);
  const changed = reduce(chosen.state, laddered(CHOICE), SEEN);
  expect(changed.effects).toContainEqual({
    ...{ kind: "set-rung", run: "r", rung: { model: "quick", provider: "cpu" }, fromSegment: 3 },
  });
  expect(changed.state.rungs).toMatchObject({ isAuto: false, ladder: [QUICK, PLAIN] });
  // What is measured of it stays known, and nothing is to be changed a second time.
  const again = reduce(changed.state, laddered(CHOICE), SEEN);
  expect(again.state.runs.get("r")?.level).toBe(0);
});

it("a run whose frames are of another form ends, and so does one that does not work yet", () => {
  const other = { model: "other" };
  const elsewhere = reduce(choose(making(), other).state, laddered(other, [OTHER, PLAIN]), SEEN);
  expect(kinds(elsewhere)).toContain("cancel-run");
  for (const phase of ["starting", "parked"] as const) {
    const { state } = choose(making({ phase }));
    expect(kinds(reduce(state, laddered(CHOICE), SEEN))).toContain("cancel-run");
  }
});

it("a run that restores faces goes on without them, and ends where they are wished for in another strength", () => {
  const network = { ...{ id: "x", file: "x" }, hash: "0" };
  const faced = (strength: number) => {
    const faces = { strength, provider: "cpu", detector: network, restorer: network };
    return { ...BEST, rung: { ...BEST.rung, model: { ...NETWORK, id: "best+faces" }, faces } };
  };
  const state = making();
  const run = state.runs.get("r") ?? expect.unreachable();
  const order = { ...run.order, rung: faced(0.4).rung, otherRungs: [BEST.rung] };
  const ladder = [faced(0.4), BEST, PLAIN];
  const restoring: State = {
    ...{ ...state, runs: new Map([["r", { ...run, order, level: 0 }]]) },
    rungs: withLadder({ ...state.rungs, isAuto: false }, ladder, 0),
  };
  const to = (choice: ModelChoice, next: typeof ladder) =>
    reduce(choose(restoring, choice).state, laddered(choice, next), SEEN);
  const off = { model: "best", faces: null };
  expect(to(off, [BEST, PLAIN]).effects).toContainEqual({
    ...{ kind: "set-rung", run: "r", rung: { model: "best", provider: "cpu" }, fromSegment: 3 },
  });
  const same = { model: "best", faces: 0.4 };
  expect(kinds(to(same, ladder))).not.toContain("cancel-run");
  const stronger = { model: "best", faces: 1 };
  expect(kinds(to(stronger, [faced(1), BEST, PLAIN]))).toContain("cancel-run");
});

it("what makes it already goes on", () => {
  const best = { model: "best" };
  const same = reduce(choose(making(), best).state, laddered(best, [BEST, QUICK, PLAIN]), SEEN);
  expect(kinds(same)).toEqual(["need-places", "tell"]);
});

it("the last one who chooses decides", () => {
  const { state } = choose(choose(making()).state, { model: "best" });
  expect(reduce(state, laddered(CHOICE), SEEN)).toEqual({ state, effects: [] });
});

it("a film that rests or is being planned is made so later", () => {
  expect(kinds(choose(NEW))).toEqual(["save", "tell"]);
  const chosen = choose(PLANNING);
  expect(kinds(chosen)).toEqual(["save", "tell"]);
  const { state } = reduce(chosen.state, planned, SEEN);
  const committed = { kind: "committed", life: 1, what: { kind: "plan", plan: MAKING_PLAN } };
  expect(kinds(reduce(state, committed as StateEvent, SEEN))).toContain("ladder");
});
const MAKING_PLAN = MAKING.at === "making" ? MAKING.plan : expect.unreachable();
