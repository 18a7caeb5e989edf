import type { JobQueue, JobState, ScanJob } from "@upreel/core";
import { z } from "zod";

export const wishSchema = z.object({ path: z.string().max(5_000), wantedMs: z.number() });
export type Wish = z.infer<typeof wishSchema>;

export const newScan = ({ path, wantedMs }: Wish): ScanJob => ({
  ...{ path, state: "waiting", wanted_ms: wantedMs, films: null, tasks: [], reason: null },
});

/** What is known here of the scans that wait, run, and are over. */
export interface SeenScans {
  has(path: string): boolean;
  waiting(): number;
  /** It is about to be added; one that is held back is not waited for by `idle`. */
  expect(job: ScanJob, isHeld: boolean): void;
  /** It could not be added. */
  forget(path: string, reason: string): void;
  /** The newest first. */
  jobs(): readonly ScanJob[];
  settled(path: string): Promise<void>;
  idle(): Promise<void>;
}

interface Pending {
  job: ScanJob;
  isHeld: boolean;
  readonly over: PromiseWithResolvers<void>;
}

const MOST_REMEMBERED = 50;

/** Follows the scans of `queue`, also those of before a restart. */
export function followScans(
  queue: Pick<JobQueue<Wish, ScanJob, ScanJob>, "list" | "subscribe">,
  nowMs: () => number,
  onOver: () => void,
): SeenScans {
  const pending = new Map<string, Pending>();
  const past: ScanJob[] = [];

  const add = (job: ScanJob, isHeld: boolean): Pending => {
    const added = { job, isHeld, over: Promise.withResolvers<void>() };
    pending.set(job.path, added);
    return added;
  };

  function end(path: string, job: ScanJob): void {
    const ended = pending.get(path);
    pending.delete(path);
    past.unshift(job);
    past.length = Math.min(past.length, MOST_REMEMBERED);
    ended?.over.resolve();
    onOver();
  }

  function follow(path: string, now: JobState<ScanJob, ScanJob>): void {
    if (now.state === "done") return end(path, now.result);
    const found = pending.get(path) ?? add(newScan({ path, wantedMs: nowMs() }), false);
    if (now.state === "failed")
      end(path, { ...found.job, state: "failed", reason: now.reason.message });
    else if (now.state === "running") {
      found.job = now.progress ?? { ...found.job, state: "running" };
      found.isHeld = false;
    }
    // Whoever had it has given it back.
    else if (found.job.state === "running")
      found.job = newScan({ path, wantedMs: found.job.wanted_ms });
  }

  queue.subscribe(follow);
  queue.list().then(
    (jobs) => {
      for (const { state, data } of jobs)
        if ((state === "waiting" || state === "running") && !pending.has(data.path))
          add(newScan(data), true);
    },
    () => undefined,
  );

  return {
    has: (path) => pending.has(path),
    waiting: () => pending.size,
    expect(job, isHeld) {
      const found = pending.get(job.path);
      if (found === undefined) add(job, isHeld);
      else found.isHeld &&= isHeld;
    },
    forget: (path, reason) =>
      follow(path, { state: "failed", reason: { code: "internal", message: reason } }),
    jobs: () => [...[...pending.values()].map(({ job }) => job).toReversed(), ...past],
    settled: async (path) => pending.get(path)?.over.promise,
    async idle() {
      for (;;) {
        const next = [...pending.values()].find(({ isHeld }) => !isHeld);
        if (next === undefined) return;
        await next.over.promise;
      }
    },
  };
}
