import type { z } from "zod";
import type { UpreelError } from "../errors.ts";
import type { Reason } from "../stream/stream.ts";

/** Work whose unit is whole and that may wait: an export, a download. What viewers wait for is no job. */
export interface JobKind<Data, Progress, Result> {
  /** Letters and hyphens: the name of its queue. */
  readonly name: string;
  readonly data: z.ZodType<Data>;
  readonly progress: z.ZodType<Progress>;
  readonly result: z.ZodType<Result>;
  /** How many a gateway does at a time. */
  readonly atATime: number;
  /** How many all gateways together do at a time; else nobody counts. */
  readonly atATimeInAll?: number;
  /** How often one is tried in all. */
  readonly tries: number;
  /** Before the second try; twice as long before each further one. */
  readonly backOffMs: number;
  /** Whether what failed so may succeed the next time. */
  readonly isWorthAgain: (error: UpreelError) => boolean;
}

/** `asked`: somebody waits for it. `idle`: after all others. */
export const JOB_PRIORITIES = ["asked", "usual", "idle"] as const;
export type JobPriority = (typeof JOB_PRIORITIES)[number];

/** A job that was cancelled has failed, with the code `cancelled`. */
export type JobState<Progress, Result> =
  | { readonly state: "waiting" }
  | { readonly state: "running"; readonly progress?: Progress | undefined }
  | { readonly state: "done"; readonly result: Result }
  | { readonly state: "failed"; readonly reason: Reason };

export type Job<Data, Progress, Result> = JobState<Progress, Result> & {
  readonly id: string;
  readonly data: Data;
};

export interface JobHow {
  /** `usual` when it is not given. */
  readonly priority?: JobPriority;
  /** It begins after so long at the earliest. */
  readonly delayMs?: number;
}

export interface JobInHand<Data, Progress> {
  readonly id: string;
  readonly data: Data;
  /**
   * Aborted when the job is cancelled, when it was given to another gateway, and when this one ends; then it
   * goes back, to be done by the next. The reason of a cancelled one is an `UpreelError` of that code.
   */
  readonly signal: AbortSignal;
  readonly tell: (progress: Progress) => void;
}

/** Throws `JobNotNow` for a job that it cannot do at present. */
export type JobHandler<Data, Progress, Result> = (
  job: JobInHand<Data, Progress>,
) => Promise<Result>;

/**
 * The job goes back as it was, to be done by any gateway; it does not count as a try. This one takes no job of the kind before
 * `until` settles, which must not reject.
 */
export class JobNotNow extends Error {
  override readonly name = "JobNotNow";
  readonly until: Promise<void>;

  constructor(until: Promise<void>) {
    super("this gateway cannot do the job at present");
    this.until = until;
  }
}

/** Jobs of one kind by what they do now; of those that are over none. */
export interface JobBacklog {
  readonly waiting: number;
  readonly running: number;
}

export type JobListener<Progress, Result> = (id: string, now: JobState<Progress, Result>) => void;

/** The jobs of one kind, wherever they were added and whoever does them. */
export interface JobQueue<Data, Progress, Result> {
  /**
   * Adds a job, once: one that waits or runs under this `id` stays what it is, but for a higher priority or the end of
   * its delay. Settles when it is kept, which may take as long as the engine is away.
   */
  add(id: string, data: Data, how?: JobHow): Promise<void>;
  /** One that waits is gone, one that runs is told. False: there is none that could be cancelled. */
  cancel(id: string): Promise<boolean>;
  get(id: string): Promise<Job<Data, Progress, Result> | undefined>;
  /** Those that wait or run, and the last ones that are over. */
  list(): Promise<readonly Job<Data, Progress, Result>[]>;
  /** Its result. Throws its reason as an `UpreelError`; `cancelled` where there is no such job (any more). */
  finished(id: string, signal: AbortSignal): Promise<Result>;
  backlog(): Promise<JobBacklog>;
  subscribe(listener: JobListener<Progress, Result>): () => void;
  /** From now on jobs are done here. A gateway that dies with one leaves it to the next. */
  work(handler: JobHandler<Data, Progress, Result>): void;
}

/** All queues. Disposing drains: nothing more is begun, and what runs goes back without counting as a try. */
export interface Jobs extends AsyncDisposable {
  /** Once for each kind. */
  open<Data, Progress, Result>(
    kind: JobKind<Data, Progress, Result>,
  ): JobQueue<Data, Progress, Result>;
  /** By the name of each kind that is open; of none while the engine is away. */
  backlog(): Promise<Readonly<Record<string, JobBacklog>>>;
}
