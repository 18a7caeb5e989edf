import { segmentCount, type Log, type StreamFolder } from "@upreel/core";
import type { createFilmRuns } from "./film-runs.ts";
import type { Outage } from "./outage.ts";
import type { RecordKeeper } from "./record-keeper.ts";
import { learn, type Lesson } from "./run-lessons.ts";
import { errorOf } from "./run-problems.ts";
import type { Run, RunOutcome } from "./run.ts";
import type { Rungs } from "./rungs.ts";

export interface LessonParts {
  readonly record: RecordKeeper;
  readonly folder: StreamFolder;
  readonly rungs: Rungs;
  readonly runs: ReturnType<typeof createFilmRuns>;
  readonly outage: Outage;
  readonly log: Log;
}

/** Does what the end of a run teaches. Throws when the stream is to give up. */
export async function applyLessons(
  run: Run,
  outcome: RunOutcome,
  parts: LessonParts,
): Promise<void> {
  const { record, runs } = parts;
  const { order, kind, live } = run;
  const { timeline = order.timeline, file } = record.now;
  const { lessons, what } = learn(
    runs.lessons,
    { kind, fromSegment: order.fromSegment, next: live.next },
    outcome,
    { path: file.path, timeline, goesOnAfter: (frame) => runs.goesOnAfter(frame, run) },
  );
  runs.lessons = lessons;
  for (const lesson of what) await apply(lesson, run, parts);
}

async function apply(lesson: Lesson, { order }: Run, parts: LessonParts): Promise<void> {
  const { record, folder, rungs, runs, outage, log } = parts;
  switch (lesson.kind) {
    case "warn": {
      const { problem } = lesson;
      log.warn(`${record.now.title}: ${problem.message}; trying again`, { ...problem });
      return;
    }
    case "wait":
      return outage.begin(lesson.problem);
    case "note":
      return record.keep({ reason: lesson.reason });
    case "cut": {
      const { timeline, reason } = lesson;
      await record.save({ timeline, reason, isEndProven: true });
      await folder.setTimeline(timeline);
      for (const other of runs.all()) other.leaveFrom(segmentCount(timeline));
      return;
    }
    case "fall-back":
      return rungs.fallBack(order.rung, lesson.problem);
    case "give-up":
      throw errorOf(lesson.reason);
  }
}
