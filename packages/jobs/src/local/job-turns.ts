import { randomUUID } from "node:crypto";
import {
  JobNotNow,
  toReason,
  toUpreelError,
  type JobHandler,
  type JobKind,
  type JobPriority,
} from "@upreel/core";
import PQueue from "p-queue";
import { CANCELLED } from "../job-reasons.ts";
import type { KeptJob } from "./job-file.ts";
import { RANKS, type LocalJob } from "./local-job.ts";

export interface TurnsParts {
  /** Whether it is still wanted. */
  readonly has: (job: LocalJob) => boolean;
  /** Keeps and tells what has become of a job. */
  readonly change: (job: LocalJob, to: Partial<KeptJob>) => Promise<void>;
  readonly leaving: AbortSignal;
}

/** The jobs of one kind, one after the other. */
export interface JobTurns<D, P, R> {
  begin(handler: JobHandler<D, P, R>): void;
  /** It waits for its turn, or for the time of it. */
  line(job: LocalJob): void;
  /** At least as urgent from now on. */
  hurry(job: LocalJob, priority: JobPriority, delayMs: number): void;
  /** When none runs any more, after `leaving` was aborted. */
  ended(): Promise<void>;
}

export function createJobTurns<D, P, R>(
  kind: JobKind<D, P, R>,
  { has, change, leaving }: TurnsParts,
): JobTurns<D, P, R> {
  const turns = new PQueue({ concurrency: kind.atATime });
  let handler: JobHandler<D, P, R> | undefined;

  function line(job: LocalJob): void {
    clearTimeout(job.timer);
    job.timer = undefined;
    if (handler === undefined || leaving.aborted) return;
    const waitMs = job.kept.notBeforeMs - Date.now();
    if (waitMs > 0) {
      job.timer = setTimeout(() => line(job), Math.min(waitMs, LONGEST_TIMER_MS)).unref();
      return;
    }
    job.turn = randomUUID();
    void turns.add(() => run(job), { priority: RANKS[job.kept.priority], id: job.turn });
  }

  async function run(job: LocalJob): Promise<void> {
    const { id, data } = job.kept;
    job.turn = undefined;
    if (leaving.aborted || !has(job) || handler === undefined) return;
    const cancelling = (job.cancelling = new AbortController());
    delete job.progress;
    // On the disk before it begins: what ends this process in the middle of it is counted.
    await change(job, { state: "running" });
    try {
      const result = await handler({
        ...{ id, data: kind.data.parse(data) },
        signal: AbortSignal.any([cancelling.signal, leaving]),
        tell(progress) {
          job.progress = progress;
          void change(job, {});
        },
      });
      await change(job, { state: "done", result });
    } catch (thrown) {
      // It may wait, or begin again, before its failure is on the disk.
      delete job.cancelling;
      await fail(job, cancelling.signal, thrown);
    } finally {
      if (job.cancelling === cancelling) delete job.cancelling;
    }
  }

  async function fail(job: LocalJob, cancelled: AbortSignal, thrown: unknown): Promise<void> {
    if (cancelled.aborted) return change(job, { state: "failed", reason: CANCELLED });
    if (leaving.aborted) return change(job, { state: "waiting" });
    if (thrown instanceof JobNotNow) {
      turns.pause();
      void thrown.until.then(() => turns.start());
      await change(job, { state: "waiting" });
      return line(job);
    }
    const error = toUpreelError(thrown);
    const tries = job.kept.tries + 1;
    if (tries >= kind.tries || !kind.isWorthAgain(error))
      return change(job, { state: "failed", reason: toReason(error), tries });
    const notBeforeMs = Date.now() + kind.backOffMs * 2 ** (tries - 1);
    await change(job, { state: "waiting", tries, notBeforeMs });
    line(job);
  }

  return {
    begin: (given) => void (handler = given),
    line,
    hurry(job, priority, delayMs) {
      if (RANKS[priority] > RANKS[job.kept.priority]) {
        job.kept = { ...job.kept, priority };
        if (job.turn !== undefined) turns.setPriority(job.turn, RANKS[priority]);
      }
      // The pause before a further try stays.
      if (delayMs > 0 || job.turn !== undefined || job.kept.tries > 0) return;
      job.kept = { ...job.kept, notBeforeMs: 0 };
      line(job);
    },
    async ended() {
      // Also those that wait for better times.
      turns.start();
      await turns.onIdle();
    },
  };
}

/** A timer that is longer begins at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
