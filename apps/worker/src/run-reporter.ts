import {
  nameOfRung,
  type Reason,
  type ResolvedRun,
  type Rung,
  type WorkerEvent,
} from "@upreel/core";
import type { UpscaleRun } from "@upreel/pipeline";
import { createMeter } from "./fps-meter.ts";

const PROGRESS_MS = 250;

type Progress = Extract<WorkerEvent, { type: "progress" }>;

/** Tells how a run gets on: at once when its rung changes, and four times a second. */
export interface RunReporter {
  onRung(fromSegment: number, rung: Rung): void;
  onRungRefused(rung: Rung, reason: Reason): void;
  begin(run: Pick<UpscaleRun, "frames" | "saved">, isPaused: () => boolean): void;
  stop(): void;
}

export function createReporter(order: ResolvedRun, send: (event: Progress) => void): RunReporter {
  const { runId, fromSegment: first, rung: firstRung } = order;
  const meter = createMeter();
  const rungs = [{ ...nameOfRung(firstRung), fromSegment: first }];
  const refused: Progress["refused"] = [];
  let run: Pick<UpscaleRun, "frames" | "saved"> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let fps = 0;

  function report(): void {
    if (run === undefined) return;
    const [frames, saved] = [run.frames(), run.saved()];
    send({ type: "progress", runId, frames, fps, saved, rungs, refused });
  }

  return {
    onRung(fromSegment, rung) {
      meter.restart();
      rungs.push({ ...nameOfRung(rung), fromSegment });
      report();
    },
    onRungRefused(rung, reason) {
      refused.push({ ...nameOfRung(rung), reason });
      report();
    },
    begin(begun, isPaused) {
      run = begun;
      timer = setInterval(() => {
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
