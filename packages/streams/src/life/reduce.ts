import { PRIORITIES, segmentCount, type Priority } from "@upreel/core";
import { complete, keepArchive } from "./archive.ts";
import { chooseModel, goByLadder } from "./model-choice.ts";
import type { Answer, Committed, StateEvent, Wish } from "./events.ts";
import { cancel, fail, pause, rest, start, stop } from "./phases.ts";
import { adopt, adoptAnew, failToPlan, grow, plan, takePlaces } from "./planning.ts";
import { withRecord } from "./record.ts";
import { regrow } from "./regrow.ts";
import { review } from "./replan.ts";
import { reduceRun } from "./run-events.ts";
import { endRun, parkRun } from "./runs.ts";
import { settle } from "./settle.ts";
import type { State } from "./state.ts";
import { isDone } from "./stream-needs.ts";
import { inOrder, stay, type Seen, type Step } from "./step.ts";

/** What becomes of a stream by one event, and what is to be done for it. Pure: the same for the same. */
export function reduce(state: State, event: StateEvent, seen: Seen): Step {
  if ("run" in event && event.kind !== "run-unneeded") return reduceRun(state, event, seen);
  if ("life" in event) {
    return event.life === state.life ? reduceAnswer(state, event, seen) : stay(state);
  }
  return reduceWish(state, event, seen);
}

function reduceWish(state: State, event: Wish, seen: Seen): Step {
  switch (event.kind) {
    case "started":
      return start(state, event);
    case "stopped":
      return stop(state);
    case "cancelled":
      return cancel(state);
    case "paused":
      return pause(state, event.isPaused, seen);
    case "prepared":
      return stay({ ...state, preparedFrom: event.fromSeconds }, { kind: "need-places" });
    case "played": {
      const { broadcastStartedAtMs } = event;
      const played = withRecord(state, { prepared: false, broadcastStartedAtMs });
      return inOrder({ ...played, preparedFrom: undefined }, save, settle(seen));
    }
    case "broadcast-began":
      return save(withRecord(state, { broadcastStartedAtMs: event.atMs }));
    case "pinned":
      return stay(withRecord(state, { pinned: event.isPinned }));
    case "model-chosen":
      return chooseModel(state, event.choice);
    case "priority-raised":
      return raise(state, event.priority);
    case "demoted":
      return inOrder(withRecord(state, { priority: "background" }), save, settle(seen));
    case "asked":
      return ask(state, event.segment);
    case "viewer-expected":
      if (isDone(state, seen)) return settle(seen)(state);
      return stay(state, { kind: "want-place" }, { kind: "tell" });
    case "reported":
      return settle(seen)(state);
    case "looked":
      return isDone(state, seen) ? settle(seen)(state) : stay(state);
    case "places-kept": {
      const others = [...state.runs.keys()].filter((id) => !event.runs.has(id));
      return inOrder(state, ...others.map(parkRun));
    }
    case "places-given":
      return takePlaces(state, event.given, seen);
    case "run-unneeded":
      return endRun(event.run)(state);
  }
}

const save = (state: State): Step => stay(state, { kind: "save" });

/** A lower priority than it has changes nothing. */
function raise(state: State, priority: Priority): Step {
  const isHigher = PRIORITIES.indexOf(priority) < PRIORITIES.indexOf(state.record.priority);
  return isHigher ? save(withRecord(state, { priority })) : stay(state);
}

function ask(state: State, segment: number): Step {
  const { timeline } = state.record;
  if (timeline !== undefined && segment >= segmentCount(timeline)) return stay(state);
  return stay({ ...state, wanted: segment }, { kind: "need-places" });
}

function reduceAnswer(state: State, event: Answer, seen: Seen): Step {
  switch (event.kind) {
    case "file-seen":
      return stay(withRecord(state, { file: event.file }));
    case "planned":
      return plan(state, event, seen);
    case "plan-failed":
      return failToPlan(state, event.error, seen);
    case "reviewed":
      return review(state, event.plan, event.whole, seen);
    case "regrown":
      return regrow(state, event, seen);
    case "grown":
      return grow(state, event);
    case "laddered":
      return goByLadder(state, event, seen);
    case "archived":
      return keepArchive(state, event);
    case "committed":
      return goBy({ ...state, commits: state.commits - 1 }, event.what, seen);
    case "rested":
      return rest(state, event.state, seen);
    case "failed":
      return fail(event.error, seen)(state);
  }
}

/** It is on the disk now. */
function goBy(state: State, what: Committed, seen: Seen): Step {
  switch (what.kind) {
    case "plan":
      return adopt(what.plan, seen)(state);
    case "new-plan":
      return adoptAnew(what.plan, seen)(state);
    case "cut":
      return settle(seen)(state);
    case "archive":
      return complete(state, what.path, seen);
  }
}
