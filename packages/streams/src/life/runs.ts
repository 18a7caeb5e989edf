import {
  PLAIN_SCALER,
  UpreelError,
  framesOf,
  isSameRung,
  refToRung,
  sharesFrames,
  type RunOrder,
  type Rung,
  type RungRef,
} from "@upreel/core";
import { RANK, type Need } from "../need.ts";
import type { Plan } from "../ports.ts";
import { askedLevel, levelFor, sustainedLevel } from "../levels.ts";
import { rungAt, rungsAt, type Rungs } from "../rungs.ts";
import { sourceId } from "../source-id.ts";
import { liveOf } from "./run-view.ts";
import type { RunState, State } from "./state.ts";
import { inOrder, stay, type Part, type Seen, type Step } from "./step.ts";

/** What stands where the source has no picture; made by no network, and not made again by one. */
const STILL: Rung = { model: { ...PLAIN_SCALER, id: "still" }, provider: "ffmpeg" };

/** Made by what keeps up, not by what is best. */
const isForViewer = (rank: Need["rank"]): boolean =>
  rank === RANK.watched || rank === RANK.prepared;

export const withRun = (state: State, run: RunState): State => ({
  ...state,
  runs: new Map(state.runs).set(run.order.runId, run),
});

export function withoutRun(state: State, id: string): State {
  const runs = new Map(state.runs);
  runs.delete(id);
  return { ...state, runs };
}

/** A run that is ending may still publish what it has made: nobody makes that meanwhile. */
const isBlocked = ({ runs }: State, { kind, gap }: Need): boolean =>
  [...runs.values()].some(
    (run) =>
      run.kind === kind &&
      run.phase === "ending" &&
      gap.from >= run.next &&
      gap.from <= run.next + 1,
  );

/** Begins what is needed, unless a run that ends may still have made it. */
export function beginRun(state: State, need: Need, runId: string, plan: Plan, seen: Seen): Step {
  if (isBlocked(state, need)) return stay(state);
  const { kind, gap, rank } = need;
  const { lessons, record } = state;
  const rungs = rungsAt(state.rungs, need.machine);
  const { timeline } = record;
  const level =
    kind === "remake"
      ? askedLevel(rungs, seen.nowMs)
      : need.isHelp === true && isForViewer(rank)
        ? sustainedLevel(rungs, seen.nowMs)
        : levelFor(rungs, isForViewer(rank), seen.nowMs);
  const fillsHole = lessons.damaged.has(gap.from);
  const rung = fillsHole ? STILL : rungAt(rungs, level);
  if (timeline === undefined || rung === undefined || kind === "plan") {
    throw new UpreelError("internal", "A run without a plan");
  }
  const { source, output } = plan;
  const order: RunOrder = {
    ...{ streamId: record.id, runId, timeline, output, fillsHole },
    ...(need.machine !== undefined && { machine: need.machine }),
    ...{ source: { ...source, id: sourceId(source) }, rung: refToRung(rung) },
    ...(!fillsHole && rungs.failure === undefined && { otherRungs: othersOf(rungs, rung) }),
    encodesSound: lessons.encodesSound,
    ...{ fromSegment: gap.from, toSegment: gap.to },
  };
  const run: RunState = {
    ...{ order, kind, level, next: gap.from, to: gap.to, phase: "starting", isDeliberate: false },
    ...{ isOpening: need.isHelp !== true, isHedge: need.isHedge === true, isHedged: false },
    awaitsRung: false,
    progress: { frames: 0, fps: 0, saved: 0 },
    orderedAtMs: seen.nowMs,
    makingSinceMs: undefined,
    lastGood: { next: gap.from, frames: 0, atMs: seen.nowMs },
  };
  const others = [...state.runs.values()].filter(
    (other) => other.kind === kind && other.next <= gap.from && gap.from < other.to,
  );
  const giveWay = need.isHedge === true ? noteHedged : leaveFrom;
  return inOrder(state, ...others.map((other) => giveWay(other.order.runId, gap.from)), (left) =>
    stay(withRun(left, run), { kind: "start-run", order, as: kind }),
  );
}

/** What a run that begins with `rung` can change to: what has frames of the same form. */
function othersOf({ ladder }: Rungs, rung: Rung): RungRef[] {
  const all = ladder.map((each) => each.rung);
  const frames = framesOf([rung, ...all]);
  return all
    .filter((each) => !isSameRung(each, rung) && sharesFrames(frames, each.model))
    .map(refToRung);
}

/** Another one makes some of its segments as well. */
const noteHedged =
  (id: string): Part =>
  (state) => {
    const run = state.runs.get(id);
    return stay(run === undefined ? state : withRun(state, { ...run, isHedged: true }));
  };

/** Another one makes the segments from `segment` on. */
const leaveFrom =
  (id: string, segment: number): Part =>
  (state) => {
    const run = state.runs.get(id);
    if (run === undefined || run.to <= segment) return stay(state);
    const left = { ...run, to: segment };
    return inOrder(
      withRun(state, left),
      (cut) => stay(cut, { kind: "cut-run", run: id, segment }),
      left.next >= left.to ? endRun(id) : stay,
    );
  };

export const allLeaveFrom =
  (segment: number): Part =>
  (state) =>
    inOrder(state, ...[...state.runs.keys()].map((id) => leaveFrom(id, segment)));

/** Ends it on purpose; what is not published is lost. */
export const endRun =
  (id: string): Part =>
  (state) => {
    const run = state.runs.get(id);
    if (run === undefined || run.phase === "ending") return stay(state);
    return stay(withRun(state, { ...run, isDeliberate: true, phase: "ending" }), {
      ...{ kind: "cancel-run", run: id },
    });
  };

export const endAllRuns: Part = (state) => inOrder(state, ...[...state.runs.keys()].map(endRun));

/** Stops it by backpressure, with what is half made; one that has made nothing new is ended. */
export const parkRun =
  (id: string): Part =>
  (state) => {
    const run = state.runs.get(id);
    // One that has made all is near its end.
    if (run === undefined || run.next >= run.to || liveOf(run).phase !== "working") {
      return stay(state);
    }
    if (run.progress.frames === 0 || run.kind === "remake") return endRun(id)(state);
    if (run.phase !== "working") return stay(state);
    return stay(withRun(state, { ...run, makingSinceMs: undefined, phase: "parked" }), {
      ...{ kind: "park-run", run: id },
    });
  };

export const resumeRun =
  (id: string): Part =>
  (state) => {
    const run = state.runs.get(id);
    if (run?.phase !== "parked") return stay(state);
    return stay(withRun(state, { ...run, phase: "working" }), { kind: "resume-run", run: id });
  };
