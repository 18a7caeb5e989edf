import {
  noteStep,
  type Log,
  type ResolvedRun,
  type RunEnd,
  type WorkerCommand,
} from "@upreel/core";
import type { Peer } from "@upreel/processes";
import type { WorkerProgress, WorkerRun } from "@upreel/streams";
import type { createCurrentRun } from "./current-run.ts";

/** A run in a process of this machine. */
export interface ProcessRun extends WorkerRun {
  /** Worker and ffmpeg process ids. */
  readonly pids: readonly number[];
}

/** How runs of one worker are started and ended. */
export interface ProcessRuns {
  start(order: ResolvedRun, onProgress: (progress: WorkerProgress) => void): Promise<ProcessRun>;
  /** Also while `start` is under way; nothing once the run has ended. */
  cancel(runId: string): void;
}

export function runsOfProcess(
  worker: Pick<Peer<WorkerCommand>, "send" | "isAlive">,
  current: ReturnType<typeof createCurrentRun>,
  log: Log,
): ProcessRuns {
  /** Nothing after the run's end: the worker may be busy with another one by then. */
  const tellRun = (runId: string, command: WorkerCommand): void => {
    if (current.has(runId)) worker.send(command);
  };
  return {
    async start(order, onProgress) {
      const { started, ended } = current.begin(order, onProgress);
      worker.send({ type: "start", order });
      noteStep(log, "taken", { run: order.runId });
      if (!worker.isAlive) current.end(DEAD);
      const pids = await started;
      const { runId } = order;
      return {
        pids,
        ended,
        setRung: (rung, fromSegment) => tellRun(runId, { type: "set-rung", rung, fromSegment }),
        pause: () => tellRun(runId, { type: "pause" }),
        resume: () => tellRun(runId, { type: "resume" }),
        cancel: () => tellRun(runId, { type: "cancel" }),
      };
    },
    cancel: (runId) => tellRun(runId, { type: "cancel" }),
  };
}

const DEAD: RunEnd = {
  why: "failed",
  frames: 0,
  reason: { code: "worker_lost", message: "The worker died before its run" },
};

/** The end of the run of a worker that is gone. */
export const lostRun = (
  pid: number,
  { how, signal, stderr, isGivenUp }: Awaited<Peer<never>["ended"]>,
): RunEnd => ({
  why: "failed",
  frames: 0,
  reason: {
    code: "worker_lost",
    message: `The worker process ${pid} is gone`,
    expected: "a worker until the end of its run",
    got: stderr === "" ? how : `${how}: ${stderr}`,
  },
  wasKilled: signal === "SIGKILL" && !isGivenUp,
});
