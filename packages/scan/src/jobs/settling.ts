import type { ScanJob } from "@upreel/core";

/** Jobs that are held back until who wants their films has what he needs. */
export interface Settling extends Disposable {
  hold(job: ScanJob): void;
  /** The job begins now; false: none is held of this path. */
  hurry(path: string): boolean;
}

export function createSettling(settleMs: number, begin: (job: ScanJob) => void): Settling {
  const held = new Map<string, { readonly job: ScanJob; readonly timer: NodeJS.Timeout }>();
  function hurry(path: string): boolean {
    const found = held.get(path);
    if (found === undefined) return false;
    clearTimeout(found.timer);
    held.delete(path);
    begin(found.job);
    return true;
  }
  return {
    hold(job) {
      if (settleMs === 0) return begin(job);
      const timer = setTimeout(() => hurry(job.path), settleMs).unref();
      held.set(job.path, { job, timer });
    },
    hurry,
    [Symbol.dispose]() {
      for (const { timer } of held.values()) clearTimeout(timer);
      held.clear();
    },
  };
}
