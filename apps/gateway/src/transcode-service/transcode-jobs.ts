import { UpreelError } from "@upreel/core";
import { createJobMaker, type JobMakerParts } from "./make-jobs.ts";
import { answerOf, errorText, isOver, type JobAnswer, type TranscodeJob } from "./transcode-job.ts";
import type { TranscodeOrder } from "./transcode-order.ts";

/** Nobody asks about it any more: its caller is gone. */
const ORPHANED_MS = 90_000;
/** What is over is told of for so long after it was asked for last, and its segments are served. */
const KEPT_MS = 600_000;
const LOOK_EVERY_MS = 15_000;
/** Known at a time, those that are over included. */
const MOST_JOBS = 500;

/** The jobs that callers of the older contract gave. In memory: a caller whose job is not known makes its film itself. */
export interface TranscodeJobs extends AsyncDisposable {
  /** Throws `bad_request` for a name that is taken, `queue_full`. */
  submit(order: TranscodeOrder): void;
  /** The bytes that a job waited for are there, or not. */
  uploaded(job: TranscodeJob, failure?: unknown): void;
  /** Throws `not_found`. Each look tells that its caller is there. */
  see(jobId: string): TranscodeJob;
  answer(job: TranscodeJob): JobAnswer;
  list(): readonly JobAnswer[];
  readonly waiting: number;
  readonly running: number;
  /** Throws `not_found`. */
  cancel(jobId: string): JobAnswer;
  /** Deletes an upload, and what was made of it. */
  dropUpload(name: string): Promise<void>;
  /** Calls `listener` at each change of a job, and of the speed at which it is made. Its caller is there meanwhile. */
  subscribe(job: TranscodeJob, listener: () => void): () => void;
}

export function createTranscodeJobs(parts: JobMakerParts): TranscodeJobs {
  const { streams, clock } = parts;
  const jobs = new Map<string, TranscodeJob>();
  const maker = createJobMaker(parts);
  const looking = setInterval(() => lookAfter(jobs, parts, maker), LOOK_EVERY_MS);
  looking.unref();

  const find = (jobId: string): TranscodeJob => {
    const job = jobs.get(jobId);
    if (job !== undefined) return job;
    throw new UpreelError("not_found", "Job not found");
  };
  const answer = (job: TranscodeJob): JobAnswer =>
    answerOf(job, job.film === undefined ? undefined : streams.get(job.film.streamId));

  return {
    answer,
    dropUpload: (name) => maker.dropUpload(name),
    submit(order) {
      requireFree(jobs, order);
      const job: TranscodeJob = {
        ...{ order, state: { status: "pending" }, film: undefined, lookedAtMs: clock.nowMs() },
        ...{ ending: new AbortController(), listeners: new Set() },
      };
      jobs.set(order.jobId, job);
      // Behind it: it may be made of what the forgotten one sent.
      if (jobs.size > MOST_JOBS) forgetOldest(jobs, parts, maker);
      if (order.input.kind === "file" || !order.input.isToCome) void maker.make(job);
    },
    uploaded(job, failure) {
      if (job.state.status !== "pending") return;
      if (failure === undefined) void maker.make(job);
      else maker.end(job, "failed", errorText(failure));
    },
    see(jobId) {
      const job = find(jobId);
      job.lookedAtMs = clock.nowMs();
      return job;
    },
    list: () => [...jobs.values()].map(answer),
    get waiting() {
      return maker.waiting;
    },
    get running() {
      return maker.running;
    },
    cancel(jobId) {
      const job = find(jobId);
      cancelJob(maker, job, "cancelled by its caller");
      return answer(job);
    },
    subscribe(job, listener) {
      job.listeners.add(listener);
      const stop = streams.subscribe((event) => {
        if (event.type === "status" && event.status.id === job.film?.streamId) listener();
      });
      return () => {
        stop();
        job.listeners.delete(listener);
        job.lookedAtMs = clock.nowMs();
      };
    },
    async [Symbol.asyncDispose]() {
      clearInterval(looking);
      for (const job of jobs.values()) cancelJob(maker, job, "Upreel ends");
      await maker.untilIdle();
    },
  };
}

type Maker = ReturnType<typeof createJobMaker>;

function cancelJob(maker: Maker, job: TranscodeJob, why: string): void {
  maker.end(job, "cancelled", why);
  job.ending.abort(new UpreelError("cancelled", why));
}

function requireFree(jobs: ReadonlyMap<string, TranscodeJob>, { jobId }: TranscodeOrder): void {
  const before = jobs.get(jobId);
  if (before !== undefined && !isOver(before))
    throw new UpreelError("bad_request", "a job with this name is still running", {
      ...{ expected: "a job_id of its own", got: jobId },
    });
  const isFull = before === undefined && jobs.size >= MOST_JOBS;
  if (isFull && ![...jobs.values()].some(isOver))
    throw new UpreelError("queue_full", "too many jobs already", {
      expected: `at most ${MOST_JOBS}`,
    });
}

type DropParts = Pick<JobMakerParts, "log">;

/** Deletes an upload that is no longer used by any job. */
function dropUnused(
  name: string,
  jobs: ReadonlyMap<string, TranscodeJob>,
  { log, maker }: DropParts & { readonly maker: Maker },
): void {
  const isUsed = [...jobs.values()].some(
    ({ order: { jobId, input } }) =>
      jobId === name || (input.kind === "upload" && input.name === name),
  );
  if (isUsed) return;
  maker.dropUpload(name).catch((error: unknown) => {
    log.warn(`The upload ${name} could not be deleted`, { error });
  });
}

/** Of those that are over, the one that nobody has asked for for the longest time makes room for a new one. */
function forgetOldest(jobs: Map<string, TranscodeJob>, { log }: DropParts, maker: Maker): void {
  const [oldest] = [...jobs]
    .filter(([, job]) => isOver(job))
    .toSorted(([, a], [, b]) => a.lookedAtMs - b.lookedAtMs);
  if (oldest === undefined) return;
  jobs.delete(oldest[0]);
  dropUnused(oldest[0], jobs, { log, maker });
}

/** Ends jobs whose callers are gone, and forgets what is over. */
function lookAfter(
  jobs: Map<string, TranscodeJob>,
  { clock, beamed, log }: Pick<JobMakerParts, "clock" | "beamed" | "log">,
  maker: Maker,
): void {
  for (const [name, job] of jobs) {
    // Who listens at a websocket asks nothing.
    const silentMs = job.listeners.size > 0 ? 0 : clock.nowMs() - job.lookedAtMs;
    if (!isOver(job) && silentMs > ORPHANED_MS)
      cancelJob(maker, job, `nobody asked for it for ${ORPHANED_MS / 1_000} s`);
    else if (isOver(job) && silentMs > KEPT_MS) {
      jobs.delete(name);
      dropUnused(name, jobs, { log, maker });
    }
  }
  for (const name of beamed.old()) dropUnused(name, jobs, { log, maker });
}
