import type { WorkerProcess } from "./worker-process.ts";

/**
 * Runs that wait for a worker. Each gets a new one, or one whose run is over before that has started: who
 * jumps about ends one run for the next.
 */
export function createFirstFree(open: (signal: AbortSignal) => Promise<WorkerProcess>) {
  const waiting = new Set<(worker: WorkerProcess) => void>();
  return {
    take(): Promise<WorkerProcess> {
      const { promise, resolve, reject } = Promise.withResolvers<WorkerProcess>();
      const notNeeded = new AbortController();
      const onFree = (worker: WorkerProcess): void => {
        // Its start would take a second of a core from the run that begins.
        notNeeded.abort();
        resolve(worker);
      };
      waiting.add(onFree);
      open(notNeeded.signal).then(
        (worker) => (waiting.delete(onFree) ? resolve(worker) : worker.kill()),
        (thrown: unknown) => waiting.delete(onFree) && reject(thrown),
      );
      return promise;
    },
    /** Whether somebody waited for it. */
    offer(worker: WorkerProcess): boolean {
      const [next] = waiting;
      if (next === undefined) return false;
      waiting.delete(next);
      next(worker);
      return true;
    },
  };
}
