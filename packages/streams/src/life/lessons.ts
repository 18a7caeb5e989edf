import { isElsewhere, segmentCount } from "@upreel/core";
import { learn, type Lesson } from "../run-lessons.ts";
import { errorOf } from "../run-problems.ts";
import { fallBack } from "../rungs.ts";
import type { RunEvent } from "./events.ts";
import { beginOutage } from "./outage.ts";
import { fail } from "./phases.ts";
import { withRecord } from "./record.ts";
import { commit } from "./commit.ts";
import { goesOnAfter, rungOf } from "./run-view.ts";
import { allLeaveFrom } from "./runs.ts";
import { beginRegrowing } from "./regrow.ts";
import type { RunState, State } from "./state.ts";
import { activePhase, inOrder, stay, type Part, type Seen, type Step } from "./step.ts";

/** What the stream does after a run, which is not among its runs any more. */
export function applyLessons(
  state: State,
  run: RunState,
  { end, summary }: Extract<RunEvent, { kind: "run-ended" }>,
  seen: Seen,
): Step {
  const { order, kind, next, isDeliberate } = run;
  const { timeline = order.timeline, file } = state.record;
  const { lessons, what } = learn(
    state.lessons,
    { kind, next, fromSegment: order.fromSegment, isElsewhere: isElsewhere(order.machine) },
    { end, summary, isDeliberate },
    {
      ...{ path: file.path, timeline },
      goesOnAfter: (frame) => goesOnAfter(state, seen.ready, frame, order.runId),
    },
  );
  return inOrder({ ...state, lessons }, ...what.map((lesson) => apply(lesson, run, seen)));
}

const apply =
  (lesson: Lesson, run: RunState, seen: Seen): Part =>
  (state) => {
    switch (lesson.kind) {
      case "warn": {
        const { problem } = lesson;
        const message = `${state.record.title}: ${problem.message}; trying again`;
        return stay(state, { kind: "log", level: "warn", message, details: problem });
      }
      case "wait":
        return beginOutage(state, lesson.problem, seen.nowMs);
      case "note":
        return stay(withRecord(state, { reason: lesson.reason }), { kind: "save" });
      case "replan":
        return beginRegrowing(state, lesson.problem);
      case "cut": {
        const { timeline, reason } = lesson;
        // It goes by another plan soon, whose end is to be found anew.
        if (activePhase(state)?.step.at === "replanning") return stay(state);
        const cut = withRecord(state, { timeline, reason, isEndProven: true });
        return inOrder(
          cut,
          commit({ kind: "cut" }, { setsTimeline: true }),
          allLeaveFrom(segmentCount(timeline)),
        );
      }
      case "fall-back":
        return stay({ ...state, rungs: fallBack(state.rungs, rungOf(run), lesson.problem) });
      case "give-up":
        return fail(errorOf(lesson.reason), seen)(state);
    }
  };
