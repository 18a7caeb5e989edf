import {
  nameOfRung,
  type Reason,
  type ResolvedRun,
  type Rung,
  type RungName,
  type WorkerEvent,
} from "@upreel/core";
import type { UpscaleRun } from "@upreel/pipeline";
import { createMeter } from "./fps-meter.ts";
import { createStageMeter, type MeasuredRun } from "./stage-meter.ts";

const PROGRESS_MS = 250;

type Progress = Extract<WorkerEvent, { type: "progress" }>;

type ReportedRun = MeasuredRun & Pick<UpscaleRun, "frames" | "saved">;

/** Tells how a run gets on: at once when its rung changes, and four times a second. */
export interface RunReporter {
  readonly onRung: (fromSegment: number, rung: Rung) => void;
  readonly onRungRefused: (rung: Rung, reason: Reason) => void;
  /** A rung that the run does not have. */
  refuse(rung: RungName, reason: Reason): void;
  begin(run: ReportedRun, isPaused: () => boolean): void;
  stop(): void;
}

export function createReporter(order: ResolvedRun, send: (event: Progress) => void): RunReporter {
  const { runId, fromSegment: first, rung: firstRung } = order;
  const meter = createMeter();
  const rungs = [{ ...nameOfRung(firstRung), fromSegment: first }];
  const refused: Progress["refused"] = [];
  let run: ReportedRun | undefined;
  let stages: Progress["stages"];
  let timer: NodeJS.Timeout | undefined;
  let fps = 0;

  function report(): void {
    if (run === undefined) return;
    const [frames, saved] = [run.frames(), run.saved()];
    send({ type: "progress", runId, frames, fps, saved, stages, rungs, refused });
  }

  function refuse(rung: RungName, reason: Reason): void {
    refused.push({ ...rung, reason });
    report();
  }

  return {
    onRung(fromSegment, rung) {
      meter.restart();
      // Faces may fail in what lies before the last change.
      const after = rungs.findLastIndex((each) => each.fromSegment <= fromSegment);
      rungs.splice(after + 1, 0, { ...nameOfRung(rung), fromSegment });
      report();
    },
    onRungRefused: (rung, reason) => refuse(nameOfRung(rung), reason),
    refuse,
    begin(begun, isPaused) {
      run = begun;
      const measure = createStageMeter(begun);
      timer = setInterval(() => {
        if (!isPaused()) stages = measure(performance.now()) ?? stages;
        fps = meter.fps(begun.frames(), performance.now(), isPaused());
        report();
      }, PROGRESS_MS);
    },
    stop() {
      clearInterval(timer);
      // A frame in the last moment would count as hundreds a second.
      report();
    },
  };
}
