import type { JobKind, JobPriority, JobQueue, JobState } from "@upreel/core";
import { CANCELLED, MOST_OVER, toError } from "../job-reasons.ts";
import { createListeners } from "../listeners.ts";
import { untilFinished } from "../until-finished.ts";
import type { KeptJob } from "./job-file.ts";
import { createJobTurns } from "./job-turns.ts";
import { isOver, stateOf, viewOf, type LocalJob } from "./local-job.ts";

export interface LocalQueueParts {
  /** What the file has of this kind. */
  readonly kept: readonly KeptJob[];
  readonly save: () => Promise<void>;
  readonly leaving: AbortSignal;
}

/** The jobs of one kind in this process. */
export interface LocalQueue<D, P, R> extends JobQueue<D, P, R>, AsyncDisposable {
  kept(): readonly KeptJob[];
}

export function createLocalQueue<D, P, R>(
  kind: JobKind<D, P, R>,
  { kept, save, leaving }: LocalQueueParts,
): LocalQueue<D, P, R> {
  const jobs = new Map(kept.map((each) => [each.id, { kept: each } as LocalJob]));
  const { subscribe, tell } = createListeners<[id: string, now: JobState<P, R>]>();
  const has = (job: LocalJob): boolean => jobs.get(job.kept.id) === job;
  const turns = createJobTurns(kind, { has, change, leaving });

  async function change(job: LocalJob, to: Partial<KeptJob>): Promise<void> {
    job.kept = { ...job.kept, ...to };
    if (!has(job)) return;
    tell(job.kept.id, stateOf(kind, job));
    if (to.state !== undefined) {
      forgetOld();
      await save();
    }
  }

  function forgetOld(): void {
    const over = [...jobs.values()].filter(isOver);
    for (const { kept: old } of over.slice(0, -MOST_OVER)) jobs.delete(old.id);
  }

  async function add(id: string, data: D, priority: JobPriority, delayMs: number): Promise<void> {
    const found = jobs.get(id);
    if (found !== undefined && !isOver(found)) {
      if (found.kept.state === "waiting") turns.hurry(found, priority, delayMs);
      return save();
    }
    const job: LocalJob = {
      kept: {
        ...{ kind: kind.name, id, data, priority, tries: 0, deaths: 0 },
        ...{ notBeforeMs: Date.now() + delayMs, state: "waiting" },
      },
    };
    // The newest last, also under an id that was there before.
    jobs.delete(id);
    jobs.set(id, job);
    await change(job, { state: "waiting" });
    turns.line(job);
  }

  async function cancel(id: string): Promise<boolean> {
    const job = jobs.get(id);
    if (job === undefined || isOver(job)) return false;
    if (job.cancelling !== undefined) job.cancelling.abort(toError(CANCELLED));
    else {
      clearTimeout(job.timer);
      jobs.delete(id);
      tell(id, { state: "failed", reason: CANCELLED });
      await save();
    }
    return true;
  }

  const queue: Omit<LocalQueue<D, P, R>, "finished"> = {
    add: (id, data, { priority = "usual", delayMs = 0 } = {}) => add(id, data, priority, delayMs),
    cancel,
    async get(id) {
      const job = jobs.get(id);
      return job && viewOf(kind, job);
    },
    list: async () =>
      [...jobs.values()].map((job) => viewOf(kind, job)).filter((each) => each !== undefined),
    async backlog() {
      const states = [...jobs.values()].map((job) => job.kept.state);
      const count = (which: string): number => states.filter((state) => state === which).length;
      return { waiting: count("waiting"), running: count("running") };
    },
    subscribe,
    work(handler) {
      turns.begin(handler);
      for (const job of jobs.values()) if (job.kept.state === "waiting") turns.line(job);
    },
    kept: () => [...jobs.values()].map((job) => job.kept),
    async [Symbol.asyncDispose]() {
      for (const { timer } of jobs.values()) clearTimeout(timer);
      await turns.ended();
    },
  };
  return { ...queue, finished: (id, signal) => untilFinished(queue, id, signal) };
}
