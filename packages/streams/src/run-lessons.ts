import { segmentCount, type Reason, type Log, type StreamFolder } from "@upreel/core";
import type { createFilmRuns } from "./film-runs.ts";
import type { Outage } from "./outage.ts";
import type { RecordKeeper } from "./record-keeper.ts";
import {
  NOTHING_MADE,
  damage,
  endFrame,
  errorOf,
  lacksDisk,
  lacksSound,
  problemOf,
  truncation,
} from "./run-problems.ts";
import type { Run, RunOutcome } from "./run.ts";
import type { Rungs } from "./rungs.ts";
import { isSourceGone } from "./watch-sources.ts";

/** Runs in a row that may end in failure without one new segment before the stream gives up. */
const MAX_FRUITLESS_RUNS = 3;
/**
 * As many may be killed from outside in vain: that is not the film's fault, nor its model's, unless it is the
 * system that kills, again and again, for want of memory. From half of them on the plain scaler is tried.
 */
const MAX_KILLED_RUNS = 12;

export interface LessonParts {
  readonly record: RecordKeeper;
  readonly folder: StreamFolder;
  readonly rungs: Rungs;
  readonly runs: ReturnType<typeof createFilmRuns>;
  readonly outage: Outage;
  readonly log: Log;
}

/** What the ends of a stream's runs teach: about its source, its rungs, and when to give up. */
export function createLessons({ record, folder, rungs, runs, outage, log }: LessonParts) {
  let fruitless = 0;
  let killed = 0;
  let canRemake = true;

  /** A source that ended early: the timeline is cut where the pictures ended. */
  async function truncate({ order }: Run, frames: number): Promise<void> {
    const { timeline = order.timeline, file } = record.now;
    const frameCount = endFrame(timeline, order.fromSegment, frames);
    const reason = truncation(file.path, timeline, frameCount);
    const shorter = { ...timeline, frameCount };
    await record.save({ timeline: shorter, reason, isEndProven: true });
    await folder.setTimeline(shorter);
    for (const other of runs.all()) other.leaveFrom(segmentCount(shorter));
  }

  /** The last try before a stream gives up: what could be wrong is left out. */
  function tryOtherwise(run: Run, problem: Reason | undefined): void {
    const { order, live } = run;
    const frame = live.next * order.timeline.framesPerSegment;
    if (problem?.code !== "decoder_failed" || !runs.goesOnAfter(frame, run)) {
      return rungs.fallBack(order.rung, problem);
    }
    runs.giveUpPictures(live.next);
    record.keep({ reason: damage(record.now.file.path, order.timeline, frame) });
  }

  return {
    /** After a remake that came to nothing there are no more. */
    canRemake: (): boolean => canRemake,
    /** The stream begins anew. */
    forget(): void {
      fruitless = 0;
      killed = 0;
      canRemake = true;
    },
    /** Throws when the stream is to give up. */
    async learn(run: Run, { end, summary, isDeliberate }: RunOutcome): Promise<void> {
      const problem = isDeliberate ? undefined : problemOf(end, summary);
      if (lacksSound(summary)) runs.encodeSound();
      const { length } = summary.published;
      if (problem !== undefined && problem.code !== "source_unavailable") {
        log.warn(`${record.now.title}: ${problem.message}; trying again`, { ...problem });
      }
      if (run.kind === "remake") {
        // What is there is good enough to see: it is left as it is.
        if (problem !== undefined || (length === 0 && !isDeliberate)) canRemake = false;
        return;
      }
      if (problem !== undefined && isSourceGone(problem)) throw errorOf(problem);
      if (problem?.code === "source_unavailable") {
        outage.begin(problem);
        return;
      }
      if (problem?.code === "source_damaged") {
        record.keep({ reason: problem });
        return;
      }
      const isCut = end.why === "source_truncated" && problem === undefined && !isDeliberate;
      if (isCut) await truncate(run, end.frames);
      if (length > 0 || isCut) fruitless = killed = 0;
      else if (end.why === "failed" && end.wasKilled === true) killed += 1;
      else if (!isDeliberate) fruitless += 1;
      // Also a run that claims to have gone well: without a segment it would be repeated for ever.
      const isInVain = fruitless >= MAX_FRUITLESS_RUNS || killed >= MAX_KILLED_RUNS;
      if (isInVain || (problem !== undefined && lacksDisk(problem))) {
        throw errorOf(problem ?? summary.rejected[0]?.reason ?? NOTHING_MADE);
      }
      if (killed === MAX_KILLED_RUNS / 2) rungs.fallBack(run.order.rung, problem);
      else if (fruitless === MAX_FRUITLESS_RUNS - 1) tryOtherwise(run, problem);
    },
  };
}
