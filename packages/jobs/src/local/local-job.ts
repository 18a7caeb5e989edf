import type { Job, JobKind, JobPriority, JobState } from "@upreel/core";
import { CANCELLED } from "../job-reasons.ts";
import type { KeptJob } from "./job-file.ts";

/** A kept job, and what is known of it in this process alone. */
export interface LocalJob {
  kept: KeptJob;
  progress?: unknown;
  /** While it runs. */
  cancelling?: AbortController;
  /** While it must not begin yet. */
  timer?: NodeJS.Timeout | undefined;
  /** Its name among the turns while it waits for one: that of a job which was cancelled is not taken again. */
  turn?: string | undefined;
}

/** p-queue takes the highest number first. */
export const RANKS: Readonly<Record<JobPriority, number>> = { asked: 2, usual: 1, idle: 0 };

export const isOver = ({ kept: { state } }: LocalJob): boolean =>
  state === "done" || state === "failed";

export function stateOf<D, P, R>(
  kind: JobKind<D, P, R>,
  { kept: { state, result, reason }, progress }: LocalJob,
): JobState<P, R> {
  switch (state) {
    case "running":
      return { state, progress: kind.progress.safeParse(progress).data };
    case "done":
      return { state, result: kind.result.parse(result) };
    case "failed":
      return { state, reason: reason ?? CANCELLED };
    case "waiting":
      return { state };
  }
}

/** Undefined: its data are of another version, by which it fails when its turn comes. */
export function viewOf<D, P, R>(kind: JobKind<D, P, R>, job: LocalJob): Job<D, P, R> | undefined {
  const { id, state, result } = job.kept;
  const data = kind.data.safeParse(job.kept.data);
  if (!data.success || (state === "done" && !kind.result.safeParse(result).success))
    return undefined;
  return { id, data: data.data, ...stateOf(kind, job) };
}
