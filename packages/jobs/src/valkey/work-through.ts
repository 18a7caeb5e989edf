import {
  JobNotNow,
  toReason,
  toUpreelError,
  type JobHandler,
  type JobKind,
  type Log,
} from "@upreel/core";
import { UnrecoverableError, WaitingError, Worker, type Job as BullJob } from "bullmq";
import type { Redis } from "ioredis";
import { CANCELLED, MOST_DEATHS, toError } from "../job-reasons.ts";
import { idOfKey } from "./job-key.ts";

export interface WorkParts {
  readonly connection: Redis;
  readonly prefix: string;
  readonly leaving: AbortSignal;
  /** A gateway that does not renew its lock for so long has lost its job. */
  readonly lockMs: number;
  /** How often is looked for jobs whose lock has run out. */
  readonly lookMs: number;
  readonly log: Pick<Log, "debug">;
}

const GIVEN_AWAY = "the job was given to another gateway";

/** Does the jobs of a kind here. */
export function workThrough<D, P, R>(
  kind: JobKind<D, P, R>,
  handler: JobHandler<D, P, R>,
  { connection, prefix, leaving, lockMs, lookMs, log }: WorkParts,
): Worker {
  async function run(job: BullJob, token?: string, cancelled?: AbortSignal): Promise<R> {
    const cancelling = new AbortController();
    cancelled?.addEventListener("abort", () => {
      const isLost = cancelled.reason === GIVEN_AWAY;
      cancelling.abort(isLost ? new Error(GIVEN_AWAY) : toError(CANCELLED));
    });
    let told: Promise<unknown> = Promise.resolve();
    try {
      leaving.throwIfAborted();
      const result = await handler({
        ...{ id: idOfKey(job.id ?? ""), data: kind.data.parse(job.data) },
        signal: AbortSignal.any([cancelling.signal, leaving]),
        tell: (progress) => {
          const toJson = progress as object;
          const telling = job.updateProgress(toJson);
          told = telling.catch((error: unknown) => log.debug("progress", { error }));
        },
      });
      // That it runs is never told after that it is over.
      await told;
      return result;
    } catch (thrown) {
      await told;
      if (thrown instanceof JobNotNow) await restUntil(thrown.until);
      if (cancelling.signal.aborted) throw new UnrecoverableError(JSON.stringify(CANCELLED));
      if (thrown instanceof JobNotNow || leaving.aborted) {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      const error = toUpreelError(thrown);
      const line = JSON.stringify(toReason(error));
      throw kind.isWorthAgain(error) ? new Error(line) : new UnrecoverableError(line);
    }
  }

  /** Other gateways take the jobs meanwhile. Before one goes back: this one would take it again. */
  async function restUntil(free: Promise<void>): Promise<void> {
    await worker.pause(true);
    void free.then(() => {
      if (!leaving.aborted) void worker.resume();
    });
  }

  // A function of three arguments is given a signal.
  const worker = new Worker(kind.name, (job, token, signal) => run(job, token, signal), {
    ...{ connection, prefix, concurrency: kind.atATime },
    ...{ lockDuration: lockMs, stalledInterval: lookMs, maxStalledCount: MOST_DEATHS },
  });
  // It was given to another gateway, which does it now.
  worker.on("lockRenewalFailed", (keys) => {
    for (const key of keys) worker.cancelJob(key, GIVEN_AWAY);
  });
  worker.on("error", (error) => log.debug(`Jobs of ${kind.name}: ${error.message}`));
  return worker;
}
