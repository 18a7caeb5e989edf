import type { RunEnd, ResolvedRun, WorkerEvent } from "@upreel/core";
import type { WorkerProgress } from "@upreel/streams";

type RunEvent = Extract<WorkerEvent, { type: "started" | "progress" | "ended" }>;

/** A run from its order on, as its worker tells of it. */
export interface AwaitedRun {
  /** The processes that make it; none where it ended before. */
  readonly started: Promise<readonly number[]>;
  readonly ended: Promise<RunEnd>;
}

/** The one run of a worker; what is told of an earlier one is nobody's. */
export function createCurrentRun() {
  let run:
    | {
        readonly runId: string;
        readonly onProgress: (progress: WorkerProgress) => void;
        readonly started: (pids: readonly number[]) => void;
        readonly ended: (end: RunEnd) => void;
      }
    | undefined;

  const end = (how: RunEnd): void => {
    const over = run;
    run = undefined;
    over?.ended(how);
  };

  return {
    /** Whether the worker is at this run. */
    has: (runId: string): boolean => run?.runId === runId,
    begin({ runId }: ResolvedRun, onProgress: (progress: WorkerProgress) => void): AwaitedRun {
      const { promise: started, resolve: onStarted } = Promise.withResolvers<readonly number[]>();
      const { promise: ended, resolve: onEnded } = Promise.withResolvers<RunEnd>();
      run = { runId, onProgress, started: onStarted, ended: onEnded };
      return { started: Promise.race([started, ended.then(() => [])]), ended };
    },
    take(event: RunEvent): void {
      if (event.runId !== run?.runId) return;
      if (event.type === "started") run.started(event.pids);
      else if (event.type === "progress") run.onProgress(event);
      else end(event.end);
    },
    end,
  };
}
