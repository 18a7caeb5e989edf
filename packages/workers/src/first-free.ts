import type { WorkerProcess } from "./worker-process.ts";

/** A worker that is there, or on its way. */
export interface Opening {
  readonly worker: Promise<WorkerProcess>;
  /** Ends its start. */
  readonly notNeeded: AbortController;
}

/** Those who wait for a worker: who jumps about ends one run for the next. */
export interface FirstFree {
  /** That one, or one whose run is over before it has started. Rejects as its start does. */
  take(opening: Opening): Promise<WorkerProcess>;
  /** Whether somebody waited for this worker, whose run is over. */
  offer(worker: WorkerProcess): boolean;
}

export function createFirstFree(): FirstFree {
  const waiting = new Set<(worker: WorkerProcess) => void>();
  return {
    take({ worker: starting, notNeeded }) {
      const { promise, resolve, reject } = Promise.withResolvers<WorkerProcess>();
      const onFree = (worker: WorkerProcess): void => {
        // Its start would take a second of a core from the run that begins.
        notNeeded.abort();
        resolve(worker);
      };
      waiting.add(onFree);
      starting.then(
        (worker) => (waiting.delete(onFree) ? resolve(worker) : worker.kill()),
        (thrown: unknown) => waiting.delete(onFree) && reject(thrown),
      );
      return promise;
    },
    offer(worker) {
      const [next] = waiting;
      if (next === undefined) return false;
      waiting.delete(next);
      next(worker);
      return true;
    },
  };
}
