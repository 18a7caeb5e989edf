import { describe, expect, it } from "vitest";
import { TIMELINE, timelineOf } from "../testing/films.ts";
import {
  PLAN,
  seenWith,
  ALL,
  NEW,
  MAKING,
  UNPLANNED,
  PLANNING,
  PAUSED,
  STOPPING,
  FAILING,
  ARCHIVING,
  PROVISIONAL,
  error,
  given,
  started,
  planned,
  committed,
  archived,
  summary,
  ended,
  withOneRun,
  working,
} from "../testing/lives.ts";
import { UpreelError } from "@upreel/core";
import type { StateEvent } from "./events.ts";
import { reduce } from "./reduce.ts";
import type { State } from "./state.ts";

/** What a state is doing, in a word. */
const stepOf = ({ phase }: State): string =>
  phase.kind === "resting" ? phase.state : phase.isStopping ? "stopping" : phase.step.at;

type Row = [string, State, StateEvent, string, string[]];

describe("a stream", () => {
  it.each<Row>([
    ["begins", NEW, started, "unplanned", ["save", "tell"]],
    ["begins anew after it was stopped", STOPPING, started, "unplanned", ["save", "tell"]],
    ["plans", UNPLANNED, given(UNPLANNED), "planning", ["plan"]],
    ["saves its plan", PLANNING, planned, "planning", ["commit"]],
    [
      "goes by it once it is on the disk",
      PLANNING,
      committed({ kind: "plan", plan: PLAN }),
      "making",
      ["need-places", "tell"],
    ],
    [
      "reads all of a film that was planned by its first part",
      PLANNING,
      committed({ kind: "plan", plan: { ...PLAN, timeline: PROVISIONAL } }),
      "making",
      ["review", "need-places", "tell"],
    ],
    [
      "follows a film that is being written",
      PLANNING,
      committed({ kind: "plan", plan: { ...PLAN, timeline: { ...TIMELINE, growth: "going" } } }),
      "making",
      ["follow", "need-places", "tell"],
    ],
    [
      "waits for a source that cannot be read",
      PLANNING,
      { kind: "plan-failed", life: 1, error: new UpreelError("source_unavailable", "away") },
      "unplanned",
      ["log", "save", "need-places", "tell"],
    ],
    [
      "fails where it cannot be planned",
      PLANNING,
      { kind: "plan-failed", life: 1, error },
      "failing",
      ["log", "abort-jobs", "save", "need-places", "tell"],
    ],
    ["begins a run", working(MAKING), given(working(MAKING)), "making", ["start-run"]],
    [
      "keeps to its plan where all of the film says the same",
      working(MAKING),
      { kind: "reviewed", life: 1, plan: PLAN, whole: PLAN },
      "making",
      ["commit"],
    ],
    [
      "ends a run that makes what all of the film says otherwise, and waits for that",
      withOneRun(),
      {
        ...{ kind: "reviewed", life: 1, plan: PLAN },
        whole: { ...PLAN, timeline: { ...TIMELINE, rate: { num: 48, den: 1 } } },
      },
      "replanning",
      ["log", "cancel-run", "need-places", "tell"],
    ],
    [
      "replans beside a run that is not there yet",
      withOneRun(),
      { kind: "reviewed", life: 1, plan: PLAN, whole: { ...PLAN, timeline: timelineOf(8) } },
      "planning",
      ["log", "cut-run", "commit", "need-places", "tell"],
    ],
    [
      "replans when its last run is over",
      { ...withOneRun("ending"), phase: working({ at: "replanning", next: PLAN, kept: 2 }).phase },
      ended,
      "planning",
      ["save", "commit", "need-places", "tell"],
    ],
    [
      "saves how long the film has become",
      working(MAKING),
      {
        kind: "grown",
        life: 1,
        plan: { ...PLAN, timeline: timelineOf(12) },
        file: NEW.record.file,
      },
      "making",
      ["commit"],
    ],
    ["saves what its archive is", ARCHIVING, archived, "archiving", ["commit"]],
    [
      "saves that of one that is being stopped",
      { ...ARCHIVING, phase: working({ at: "archiving" }, { isStopping: true }).phase },
      archived,
      "stopping",
      ["commit"],
    ],
    [
      "is complete once that is on the disk",
      ARCHIVING,
      committed({ kind: "archive", path: "/film.ts" }),
      "complete",
      ["log", "need-places", "tell"],
    ],
    [
      "fails where it cannot be archived",
      ARCHIVING,
      { kind: "failed", life: 1, error },
      "failing",
      ["log", "abort-jobs", "save", "need-places", "tell"],
    ],
    [
      "fails when its runs have published what they made",
      withOneRun(),
      { kind: "failed", life: 1, error },
      "failing",
      ["log", "abort-jobs", "cancel-run", "need-places", "tell"],
    ],
    [
      "which the last one has",
      { ...withOneRun("ending"), phase: FAILING.phase },
      ended,
      "failing",
      ["save", "save"],
    ],
    [
      "has failed once that is saved",
      FAILING,
      { kind: "rested", life: 1, state: "failed" },
      "failed",
      ["need-places", "tell", "end-broadcast"],
    ],
    [
      "stops all its work",
      withOneRun(),
      { kind: "stopped" },
      "stopping",
      ["abort-jobs", "cancel-run"],
    ],
    [
      "takes an end without more while it stops",
      { ...withOneRun("ending"), phase: STOPPING.phase },
      ended,
      "stopping",
      ["save"],
    ],
    ["is cancelled after that", STOPPING, { kind: "cancelled" }, "stopping", ["save"]],
    [
      "rests then",
      STOPPING,
      { kind: "rested", life: 1, state: "cancelled" },
      "cancelled",
      ["need-places", "tell"],
    ],
    [
      "pauses",
      working(MAKING),
      { kind: "paused", isPaused: true },
      "making",
      ["save", "need-places", "tell"],
    ],
    [
      "needs other places when another segment is asked for",
      working(MAKING),
      { kind: "asked", segment: 5 },
      "making",
      ["need-places"],
    ],
    [
      "wants a place when somebody comes",
      working(MAKING),
      { kind: "viewer-expected" },
      "making",
      ["want-place", "tell"],
    ],
  ])("%s", (_, state, event, step, effects) => {
    const after = reduce(state, event, seenWith());
    expect(stepOf(after.state)).toBe(step);
    expect(after.effects.map(({ kind }) => kind)).toEqual(effects);
  });

  it("is archived when all is made and the disk knows its timeline, and not before", () => {
    const look: StateEvent = { kind: "looked" };
    const whole = seenWith(ALL);
    expect(reduce(working(MAKING), look, whole).effects[0]).toEqual({ kind: "archive", life: 1 });
    for (const state of [
      { ...working(MAKING), commits: 1 },
      withOneRun("ending", 10),
      { ...working(MAKING), preparedFrom: 0 },
      PAUSED,
      STOPPING,
      ARCHIVING,
    ]) {
      expect(reduce(state, look, whole).effects).toEqual([]);
    }
  });

  it("has its record say the shorter timeline that it commits, after two runs found the same end", () => {
    const truncated = { why: "source_truncated", frames: 60 } as const;
    const first = reduce(
      withOneRun(),
      { kind: "run-stopped", run: "r", end: truncated },
      seenWith(),
    );
    expect(first.effects).toMatchObject([{ kind: "finish-run", end: { why: "failed" } }]);
    const again = { ...withOneRun(), lessons: first.state.lessons };
    const second = reduce(again, { kind: "run-stopped", run: "r", end: truncated }, seenWith());
    expect(second.effects).toEqual([{ kind: "finish-run", run: "r", end: truncated }]);
    const { state, effects } = reduce(
      second.state,
      { kind: "run-ended", run: "r", end: truncated, summary },
      seenWith(),
    );
    expect(state.record).toMatchObject({ timeline: { frameCount: 60 }, isEndProven: true });
    expect(effects).toContainEqual({
      ...{ kind: "commit", life: 1, what: { kind: "cut" } },
      setsTimeline: true,
    });
  });

  it("counts a new life, in which what its runs taught is forgotten", () => {
    const worn = { ...STOPPING, lessons: { ...STOPPING.lessons, fruitless: 2, seenEnd: 4 } };
    const { state } = reduce(worn, started, seenWith());
    expect(state).toMatchObject({ life: 2, commits: 0, lessons: { fruitless: 0, seenEnd: 4 } });
  });
});
