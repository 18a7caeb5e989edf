import { isElsewhere, type RunEnd } from "@upreel/core";
import { addDecoded } from "../made-ranges.ts";
import type { WorkerProgress } from "../ports.ts";
import { judgeEnd } from "../run-lessons.ts";
import { levelOf, rungAt, withSpeed } from "../rungs.ts";
import type { RunEvent } from "./events.ts";
import { applyLessons } from "./lessons.ts";
import { noteInVain } from "./made-in-vain.ts";
import { endOutage } from "./outage.ts";
import { goOnWithoutRuns } from "./phases.ts";
import { withRecord } from "./record.ts";
import { goesOnAfter, measuredSpeed, rungOf } from "./run-view.ts";
import { addMadeBy, climbOrStepDown, noteChange, noteRefused } from "./rung-change.ts";
import { endRun, withRun, withoutRun } from "./runs.ts";
import { settle } from "./settle.ts";
import type { RunState, State } from "./state.ts";
import { activePhase, inOrder, stay, type Part, type Seen, type Step } from "./step.ts";

/** A run that goes on for so long and so far without a published segment is ended: it does so in vain. */
const STUCK_AFTER_MS = 15_000;
const STUCK_AFTER_SEGMENTS = 4;
/** A film of standing pictures says little of the next one. */
const MOST_SAVED = 0.25;

/** Events of runs; those of a run that is over are ignored. */
export function reduceRun(state: State, event: RunEvent, seen: Seen): Step {
  const run = state.runs.get(event.run);
  if (run === undefined) return stay(state);
  switch (event.kind) {
    case "run-working":
      return beginToWork(state, run);
    case "run-progress":
      return progress(state, run, event.progress, seen);
    case "segment-published":
      return publish(state, run, event.segment, seen);
    case "run-stopped":
      return stop(state, run, event.end, seen);
    case "run-ended":
      return inOrder(
        noteDecoded(withoutRun(state, event.run), run, event.end),
        (over) => stay(over, { kind: "save" }),
        run.progress.frames === 0 ? noteLateStart(run, seen.nowMs) : stay,
        noteInVain(run, event.end, event.summary),
        (over) =>
          activePhase(over) === undefined ? stay(over) : applyLessons(over, run, event, seen),
        goOnWithoutRuns(seen),
      );
  }
}

function beginToWork(state: State, run: RunState): Step {
  if (run.phase !== "starting") return stay(state);
  const { rung, output, fromSegment, toSegment, machine } = run.order;
  const size = `${output.inputWidth}×${output.inputHeight} → ${output.width}×${output.height}`;
  const again = run.kind === "remake" ? " again" : "";
  const message =
    `${state.record.title}: ${rung.model.id} on ${machine ?? rung.provider}, ${size}, ` +
    `segments ${fromSegment} to ${toSegment - 1}${again}`;
  return stay(
    withRun(state, { ...run, phase: "working" }),
    { kind: "log", level: "info", message },
    { kind: "tell" },
  );
}

function progress(state: State, before: RunState, made: WorkerProgress, seen: Seen): Step {
  const { nowMs } = seen;
  const known = before.progress.rungs?.length ?? 1;
  const hasChanged = (made.rungs?.length ?? 0) > known;
  const since = hasChanged ? undefined : before.makingSinceMs;
  const makingSinceMs = since ?? (made.frames > 0 ? nowMs : undefined);
  const knownRefused = before.progress.refused?.length ?? 0;
  const isAnswered = hasChanged || (made.refused?.length ?? 0) > knownRefused;
  const awaitsRung = before.awaitsRung && !isAnswered;
  const run = { ...before, progress: made, makingSinceMs, awaitsRung };
  return inOrder(
    state,
    watchForStall(run, nowMs),
    before.progress.frames === 0 && made.frames > 0 ? noteStart(run, nowMs) : stay,
    noteRefused(run, knownRefused),
    hasChanged ? noteChange(run, before.progress.rungs) : stay,
    noteSpeed(run, nowMs),
    (noted) => stay(noted, { kind: "tell" }),
  );
}

const watchForStall =
  (run: RunState, nowMs: number): Part =>
  (state) => {
    const { next, lastGood, phase, order } = run;
    const { frames } = run.progress;
    const good = withRun(state, { ...run, lastGood: { next, frames, atMs: nowMs } });
    if (phase === "parked" || next !== lastGood.next) return stay(good);
    const isStuck =
      nowMs - lastGood.atMs >= STUCK_AFTER_MS &&
      frames - lastGood.frames >= STUCK_AFTER_SEGMENTS * order.timeline.framesPerSegment;
    if (!isStuck) return stay(withRun(state, run));
    const message = `${state.record.title}: no segment could be published for a while, the run is ended`;
    return stay(
      good,
      { kind: "log", level: "error", message },
      { kind: "cancel-run", run: order.runId },
    );
  };

const noteStart =
  ({ order, orderedAtMs }: RunState, nowMs: number): Part =>
  (state) => {
    const seconds = Math.max(0, nowMs - orderedAtMs) / 1_000;
    const startsAt = new Map(state.startsAt);
    startsAt.delete(order.machine);
    return stay({ ...state, startsAt: startsAt.set(order.machine, seconds) });
  };

/**
 * A run that was ended before its first picture would have taken longer still: forgotten, the next one would begin as near to the
 * viewer, and be ended for the same reason.
 */
const noteLateStart =
  (run: RunState, nowMs: number): Part =>
  (state) => {
    const known = state.startsAt.get(run.order.machine) ?? 0;
    const isLate = nowMs - run.orderedAtMs > 1_000 * known;
    return isLate ? noteStart(run, nowMs)(state) : stay(state);
  };

const noteSpeed =
  (run: RunState, nowMs: number): Part =>
  (state) => {
    const { order, progress: made } = run;
    const speed = measuredSpeed(run, nowMs);
    const level = levelOf(state.rungs, rungOf(run));
    if (speed === undefined || level === undefined || order.fillsHole === true) return stay(state);
    const all = speed + speedBeside(state, run, nowMs);
    const speedsAt = new Map(state.speedsAt).set(order.machine, speed);
    const noted = { ...state, speedsAt, rungs: withSpeed(state.rungs, level, all, nowMs) };
    // Kept for other films is what this machine does alone.
    if (isElsewhere(order.machine)) return stay(noted);
    if (made.saved > made.frames * MOST_SAVED) return stay(noted);
    const rung = rungAt(state.rungs, level);
    if (rung === undefined) return stay(noted);
    return stay(noted, { kind: "note-speed", rung, output: order.output, fps: made.fps });
  };

/** What runs of the same rung make of the film meanwhile on machines of their own. */
function speedBeside(state: State, run: RunState, nowMs: number): number {
  const { machine } = run.order;
  return [...state.runs.values()]
    .filter((other) => other.kind === "make" && other.order.machine !== machine)
    .filter((other) => rungOf(other).model.id === rungOf(run).model.id)
    .reduce((sum, other) => sum + (measuredSpeed(other, nowMs) ?? 0), 0);
}

function publish(state: State, before: RunState, k: number, seen: Seen): Step {
  if (k < before.next || k >= before.to) return stay(state);
  const run = { ...before, next: k + 1 };
  const { runId, toSegment } = run.order;
  const { made, remade } = state.record;
  const published = withRecord(withRun(state, run), {
    made: addMadeBy(made, run, k),
    remade: run.kind === "remake" ? remade + 1 : remade,
  });
  const isParted = run.next >= run.to && (run.to < toSegment || run.isHedge);
  return inOrder(
    published,
    climbOrStepDown(run, seen),
    endOutage,
    isParted ? endRun(runId) : stay,
    settle(seen),
  );
}

function noteDecoded(state: State, { order, to }: RunState, { decoded = [] }: RunEnd): State {
  const { fromSegment } = order;
  const own = decoded.slice(0, Math.max(0, to - fromSegment));
  return withRecord(state, {
    decoded: addDecoded(state.record.decoded ?? [], fromSegment, own),
  });
}

/** No process works for it any more: what it has made is published as far as its end lets it. */
function stop(state: State, run: RunState, end: RunEnd, seen: Seen): Step {
  const { runId, timeline } = run.order;
  const ending = withRun(state, { ...run, phase: "ending" });
  if (run.isDeliberate) return stay(ending, { kind: "finish-run", run: runId, end });
  const judged = judgeEnd(state.lessons, run.order, end, {
    ...{ path: state.record.file.path, timeline },
    goesOnAfter: (frame) => goesOnAfter(state, seen.ready, frame, runId),
  });
  return stay(
    { ...ending, lessons: judged.lessons },
    { kind: "finish-run", run: runId, end: judged.end },
  );
}
