import { PLAIN_SCALER, UpreelError, type Reason } from "@upreel/core";
import { makeRecord } from "@upreel/testkit";
import type { StateEvent } from "../life/events.ts";
import { restingState, type State, type Working, type WorkStep } from "../life/state.ts";
import { inOrder, type Seen } from "../life/step.ts";
import { beginRun } from "../life/runs.ts";
import { needsOfStream } from "../life/stream-needs.ts";
import type { Need } from "../need.ts";
import type { Plan } from "../ports.ts";
import { withLadder } from "../rungs.ts";
import { OUTPUT, TIMELINE, plannedRecord, source } from "./films.ts";

/** For tests alone: streams in each of their phases. */

export const PLAN: Plan = {
  ...{ source: source(makeRecord().file.path), timeline: TIMELINE, output: OUTPUT },
  ladder: [{ rung: { model: PLAIN_SCALER, provider: "ffmpeg" }, expectedSpeed: 10 }],
};
export const REASON: Reason = { code: "decoder_failed", message: "it failed" };

export const seenWith = (ready: Iterable<number> = [], nowMs = 1_000): Seen => ({
  ...{ nowMs, ready: new Set(ready), isOnAir: () => false, remakes: true },
  audience: { positions: () => [], isExpected: () => false, expectedSeconds: 0 },
});
export const ALL: readonly number[] = Array.from({ length: 10 }, (_, k) => k);

/** Nothing is known of the film. */
export const NEW: State = restingState(makeRecord());

/** In its first life. */
export function working(step: WorkStep, more: Partial<Working> = {}): State {
  const isPlanned = step.at !== "unplanned" && step.at !== "planning";
  const state = isPlanned ? restingState(plannedRecord()) : NEW;
  return {
    ...state,
    life: 1,
    rungs: isPlanned ? withLadder(state.rungs, PLAN.ladder, 0) : state.rungs,
    phase: {
      ...{ kind: "working", step, isPaused: false, isStopping: false, order: 1 },
      ...more,
    },
  };
}
export const MAKING: WorkStep = { at: "making", plan: PLAN };

/** One that makes the whole film in a run `r`, which is at `phase`. */
export function withOneRun(
  phase: "starting" | "working" | "parked" | "ending" = "working",
  made = 3,
): State {
  const seen = seenWith();
  const { state } = inOrder(working(MAKING), (making) => {
    const [need] = needsOfStream(making, seen);
    if (need === undefined) throw new Error("it needs nothing");
    return beginRun(making, need, "r", PLAN, seen);
  });
  const run = state.runs.get("r");
  if (run === undefined) throw new Error("no run");
  const progress = { frames: made * 12, fps: 24, saved: 0 };
  return { ...state, runs: new Map([["r", { ...run, phase, progress, next: made }]]) };
}

export const UNPLANNED = working({ at: "unplanned" });
export const PLANNING = working({ at: "planning" });
export const PAUSED = working(MAKING, { isPaused: true });
export const STOPPING = working(MAKING, { isStopping: true });
export const FAILING = working({ at: "failing", reason: REASON });
export const ARCHIVING = working({ at: "archiving" });
export const PROVISIONAL = { ...TIMELINE, isProvisional: true };

export const error = new UpreelError("decoder_failed", "it failed");
const needOf = (state: State): Need => {
  const [need] = needsOfStream(state, seenWith());
  if (need === undefined) throw new Error("it needs nothing");
  return need;
};
export const given = (state: State): StateEvent => ({
  ...{ kind: "places-given", given: [{ need: needOf(state), runId: "r" }] },
});
export const started: StateEvent = { kind: "started", order: 2, broadcastStartedAtMs: 7 };
export const planned: StateEvent = { kind: "planned", life: 1, plan: PLAN, file: NEW.record.file };
export const committed = (
  what: Extract<StateEvent, { kind: "committed" }>["what"],
): StateEvent => ({
  ...{ kind: "committed", life: 1, what },
});
export const archived: StateEvent = {
  ...{ kind: "archived", life: 1, lacks: undefined },
  archive: { path: "/film.ts", offsets: undefined, soundless: [] },
};
export const summary = { published: [0, 1, 2], rejected: [] };
export const ended: StateEvent = {
  ...{ kind: "run-ended", run: "r", end: { why: "finished", frames: 36 }, summary },
};
