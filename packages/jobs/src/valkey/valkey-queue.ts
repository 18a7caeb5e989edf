import type { JobHow, JobKind, JobQueue, JobState } from "@upreel/core";
import { Queue, QueueEvents, QueueEventsProducer, type Worker } from "bullmq";
import { MOST_OVER } from "../job-reasons.ts";
import { createListeners } from "../listeners.ts";
import { untilFinished } from "../until-finished.ts";
import { keyOf, RANKS } from "./job-key.ts";
import { followEvents, isWaiting, viewOf, WAITING } from "./job-views.ts";
import { workThrough, type WorkParts } from "./work-through.ts";

/** Of each state at most so many are listed. */
const MOST_LISTED = 1_000;
/** One look for news; a process whose server is away cannot end before the look does. So often is looked by oneself, too. */
const LISTEN_MS = 2_000;
const ALL = [...WAITING, "active", "completed", "failed"] as const;

/** The jobs of one kind on a server. */
export type ValkeyQueue<D, P, R> = JobQueue<D, P, R> & AsyncDisposable;

/** Listens and says what gateways tell each other of jobs. */
function openLines({ name }: { readonly name: string }, { connection, prefix, log }: WorkParts) {
  const queue = new Queue(name, { connection, prefix });
  const events = new QueueEvents(name, { connection, prefix, blockingTimeout: LISTEN_MS });
  const teller = new QueueEventsProducer(name, { connection, prefix });
  // The connection has said it to people.
  const onError = (error: Error): void => log.debug(`Jobs of ${name}: ${error.message}`);
  queue.on("error", onError);
  events.on("error", onError);
  teller.on("error", onError);
  return { queue, events, teller };
}

export function createValkeyQueue<D, P, R>(
  kind: JobKind<D, P, R>,
  parts: WorkParts,
): ValkeyQueue<D, P, R> {
  const { queue, events, teller } = openLines(kind, parts);
  const { subscribe, tell } = createListeners<[id: string, now: JobState<P, R>]>();
  let worker: Worker | undefined;
  followEvents(kind, events, tell);
  // Whoever does the job. An event of ours, of which BullMQ's types do not know.
  (events as unknown as CancelEvents).on("cancel", ({ jobId }) => void worker?.cancelJob(jobId));

  const optionsOf = ({ priority = "usual", delayMs = 0 }: JobHow) => ({
    ...{ priority: RANKS[priority], delay: delayMs, attempts: kind.tries },
    backoff: { type: "exponential", delay: kind.backOffMs },
    ...{ removeOnComplete: { count: MOST_OVER }, removeOnFail: { count: MOST_OVER } },
  });

  async function cancel(id: string): Promise<boolean> {
    const job = await queue.getJob(keyOf(id));
    const state = await job?.getState();
    if (job === undefined || state === undefined) return false;
    if (isWaiting(state)) await job.remove();
    else if (state === "active")
      await teller.publishEvent({ eventName: "cancel", jobId: keyOf(id) });
    else return false;
    return true;
  }

  const jobs: Omit<JobQueue<D, P, R>, "finished"> = {
    async add(id, data, how = {}) {
      // Who asks for it now wants to be told of it.
      await events.waitUntilReady();
      if (await goesOn(queue, keyOf(id), how)) return;
      await queue.add(kind.name, data, { ...optionsOf(how), jobId: keyOf(id) });
    },
    cancel,
    async get(id) {
      const state = await queue.getJobState(keyOf(id));
      return viewOf(kind, await queue.getJob(keyOf(id)), state);
    },
    async list() {
      const found = await Promise.all(
        ALL.map(async (state) => {
          const some = await queue.getJobs([state], 0, MOST_LISTED, true);
          return some.map((job) => viewOf(kind, job, state));
        }),
      );
      return found.flat().filter((each) => each !== undefined);
    },
    async backlog() {
      const counts = await queue.getJobCounts(...WAITING, "active");
      const waiting = WAITING.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
      return { waiting, running: counts["active"] ?? 0 };
    },
    subscribe,
    work(handler) {
      // Told before the worker asks for its first job.
      if (kind.atATimeInAll !== undefined)
        queue
          .setGlobalConcurrency(kind.atATimeInAll)
          .catch((error: unknown) => parts.log.debug(`Jobs of ${kind.name}`, { error }));
      worker = workThrough(kind, handler, parts);
    },
  };
  const lines = [teller, events, queue];
  return {
    ...jobs,
    // Events are read from when the server first answers that: what ended between the look and that moment is never told.
    finished: (id, signal) => untilFinished(jobs, id, signal, LISTEN_MS),
    async [Symbol.asyncDispose]() {
      // Without the server there is nobody to whom jobs could be given back.
      await worker?.close(parts.connection.status !== "ready");
      await Promise.all(lines.map((each) => each.close()));
    },
  };
}

/** True: a job of this key waits or runs, and is now at least as urgent. */
async function goesOn(
  queue: Queue,
  key: string,
  { priority = "usual", delayMs = 0 }: JobHow,
): Promise<boolean> {
  const job = await queue.getJob(key);
  const state = await job?.getState();
  if (job === undefined || state === undefined || state === "unknown") return false;
  if (state === "completed" || state === "failed") {
    // Unless another gateway has removed it, or begun it again, meanwhile.
    await job.remove().catch(() => undefined);
    return false;
  }
  if (state === "active") return true;
  if (RANKS[priority] < job.priority) await job.changePriority({ priority: RANKS[priority] });
  // The pause before a further try stays.
  if (state === "delayed" && delayMs === 0 && job.attemptsMade === 0)
    await job.promote().catch(() => undefined);
  return true;
}

interface CancelEvents {
  on(event: "cancel", listener: (told: { readonly jobId: string }) => void): void;
}
