import { randomBytes } from "node:crypto";
import {
  PLAIN_SCALER,
  UpreelError,
  refToRung,
  type RunEnd,
  type RunOrder,
  type Rung,
  type Clock,
  type Log,
  type StreamFolder,
} from "@upreel/core";
import { addDecoded, addMade } from "./made-ranges.ts";
import { RANK, type Need } from "./needs.ts";
import type { Plan, SpeedNotes, Workers } from "./ports.ts";
import type { RecordKeeper } from "./record-keeper.ts";
import { NO_LESSONS, judgeEnd, type Lessons } from "./run-lessons.ts";
import { measuredSpeed, startRun, type Run, type RunOutcome } from "./run.ts";
import type { Rungs } from "./rungs.ts";
import { sourceId } from "./source-id.ts";

/** What stands where the source has no picture; made by no network, and not made again by one. */
const STILL: Rung = { model: { ...PLAIN_SCALER, id: "still" }, provider: "ffmpeg" };

export interface FilmRunsParts {
  readonly record: RecordKeeper;
  readonly folder: StreamFolder;
  readonly rungs: Rungs;
  readonly workers: Workers;
  readonly clock: Clock;
  readonly log: Log;
  /** What the run is needed for now; undefined when it is not. */
  readonly needOf: (run: Run) => Need | undefined;
  readonly onProgress: () => void;
  readonly onSpeed: SpeedNotes["note"];
  readonly onPublished: () => void;
  /** It is no longer among the runs. */
  readonly onEnded: (run: Run, outcome: RunOutcome) => Promise<void>;
}

/** A film of standing pictures says little of the next one. */
const MOST_SAVED = 0.25;

/** Made by what keeps up, not by what is best. */
const isForViewer = (rank: Need["rank"]): boolean =>
  rank === RANK.watched || rank === RANK.prepared;

/** The runs of one film: any number at once, none of which makes what another one does. */
export function createFilmRuns(parts: FilmRunsParts) {
  const { record, folder, rungs, clock, log } = parts;
  const runs = new Set<Run>();
  /** Settle when the run is over and what follows from it is done; never reject. */
  const endings = new Set<Promise<void>>();
  let lessons = NO_LESSONS;

  function begin({ kind, gap, rank }: Need, { source, output }: Plan): void {
    const { timeline } = record.now;
    const level = kind === "remake" ? rungs.askedLevel() : rungs.levelFor(isForViewer(rank));
    const { encodesSound } = lessons;
    const fillsHole = lessons.damaged.has(gap.from);
    const rung = fillsHole ? STILL : rungs.rungAt(level);
    if (timeline === undefined || rung === undefined || kind === "plan") {
      throw new UpreelError("internal", "A run without a plan");
    }
    const runId = `${clock.nowMs().toString(36)}-${randomBytes(3).toString("hex")}`;
    const order: RunOrder = {
      ...{ streamId: record.now.id, runId, timeline, output, fillsHole, encodesSound },
      source: { ...source, id: sourceId(source) },
      rung: refToRung(rung),
      fromSegment: gap.from,
      toSegment: gap.to,
      // The archive is made of the segments: a film beside them would take the disk twice.
    };
    for (const other of runs) {
      const { live } = other;
      const isInside = live.next <= gap.from && gap.from < live.to;
      if (live.kind === kind && isInside) other.leaveFrom(gap.from);
    }
    const run = startRun(
      order,
      { kind, level },
      {
        ...{ workers: parts.workers, folder, clock, log, title: record.now.title },
        onProgress: (going) => {
          const speed = measuredSpeed(going);
          if (speed !== undefined && !fillsHole) {
            rungs.measured(level, speed);
            const { saved, frames, fps } = going.progress;
            if (saved <= frames * MOST_SAVED) parts.onSpeed(rung, output, fps);
          }
          parts.onProgress();
        },
        onPublished,
        judge,
      },
    );
    runs.add(run);
    const ending: Promise<void> = run.ended
      .then((outcome) => {
        runs.delete(run);
        noteDecoded(run, outcome.end);
        return parts.onEnded(run, outcome);
      })
      .catch((error: unknown) => {
        log.error(`${record.now.title}: what follows from the end of a run failed`, { error });
      })
      .finally(() => endings.delete(ending));
    endings.add(ending);
  }

  function onPublished(run: Run, k: number): void {
    const { rung } = run.order;
    const { made, remade } = record.now;
    record.set({
      made: addMade(made, k, rung.model.id, rung.provider),
      remade: run.kind === "remake" ? remade + 1 : remade,
    });
    climbOrStepDown(run);
    parts.onPublished();
  }

  function noteDecoded({ order, live }: Run, { decoded = [] }: RunEnd): void {
    const own = decoded.slice(0, Math.max(0, live.to - order.fromSegment));
    record.set({ decoded: addDecoded(record.now.decoded ?? [], order.fromSegment, own) });
  }

  /** At the end of a segment: whether the next ones are made by another rung. */
  function climbOrStepDown(run: Run): void {
    if (run.kind !== "make" || run.live.phase !== "working" || run.order.fillsHole === true) return;
    const need = parts.needOf(run);
    // What is prepared is made by what goes on with it when it is played.
    if (need === undefined || need.rank === RANK.prepared) return;
    const { rank, leadSeconds } = need;
    const isWarm = measuredSpeed(run) !== undefined;
    const next = rungs.next(run.level, leadSeconds, rank === RANK.watched, isWarm);
    if (next === run.level) return;
    log.info(
      `${record.now.title}: ${changeOf(next - run.level, rungs.speeds[run.level])}, switching to the ` +
        `${next > run.level ? "faster" : "better"} model ${rungs.rungAt(next)?.model.id}`,
      { stream: record.now.id },
    );
    run.end();
  }

  function judge(run: Run, end: RunEnd): RunEnd {
    const { timeline, source } = run.order;
    const goesOn = (frame: number): boolean => goesOnAfter(frame, run);
    const judged = judgeEnd(lessons, run.order, end, {
      ...{ path: source.path, timeline, goesOnAfter: goesOn },
    });
    lessons = judged.lessons;
    return judged.end;
  }

  /** Whether there are pictures after `frame`, as those that were made show. */
  function goesOnAfter(frame: number, except: Run): boolean {
    const size = record.now.timeline?.framesPerSegment ?? 1;
    const hasLater = [...folder.ready].some((k) => k * size >= frame);
    const isMakingLater = [...runs].some(
      (run) => run !== except && run.progress.frames > 0 && run.live.next * size >= frame,
    );
    return hasLater || isMakingLater;
  }

  return {
    begin,
    /** Runs that go on, or end just now. */
    all: (): Run[] => [...runs],
    find: (id: string): Run | undefined => [...runs].find(({ order }) => order.runId === id),
    /** A run that is ending may still publish what it has made: nobody makes that meanwhile. */
    isBlocked: ({ kind, gap }: Need): boolean =>
      [...runs].some(
        ({ live }) =>
          live.kind === kind &&
          live.phase === "ending" &&
          gap.from >= live.next &&
          gap.from <= live.next + 1,
      ),
    goesOnAfter,
    get lessons(): Lessons {
      return lessons;
    },
    set lessons(learned) {
      lessons = learned;
    },
    endAll(): void {
      for (const run of runs) run.end();
    },
    /** When nothing of them goes on. */
    async settled(): Promise<void> {
      await Promise.all(endings);
    },
  };
}

/** Why another rung takes over, down or up, in words for people. */
const changeOf = (steps: number, speed: number | undefined): string => {
  const figure = speed === undefined ? "" : ` (${speed.toFixed(2)}×)`;
  return steps > 0 ? `too slow${figure}` : `enough is ready${figure}`;
};
