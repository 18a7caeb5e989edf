import type { Job, JobKind, JobListener, JobState } from "@upreel/core";
import type { Job as BullJob, QueueEvents } from "bullmq";
import { CANCELLED, readReason } from "../job-reasons.ts";
import { idOfKey } from "./job-key.ts";

export const WAITING = ["waiting", "prioritized", "delayed"] as const;
export const isWaiting = (state: string): boolean =>
  state === "wait" || WAITING.some((each) => each === state);

function doneWith<D, P, R>(kind: JobKind<D, P, R>, value: unknown): JobState<P, R> {
  const { data, success } = kind.result.safeParse(value);
  if (success) return { state: "done", result: data };
  return { state: "failed", reason: { code: "internal", message: "its result is not readable" } };
}

/**
 * A job as the port shows it; undefined where its data are of another version, by which it fails when its turn comes.
 * Its `state` was looked up before it: so one that is over has its result.
 */
export function viewOf<D, P, R>(
  kind: JobKind<D, P, R>,
  job: BullJob | undefined,
  state: string,
): Job<D, P, R> | undefined {
  const data = kind.data.safeParse(job?.data);
  if (job?.id === undefined || !data.success) return undefined;
  const named = { id: idOfKey(job.id), data: data.data };
  if (state === "completed") return { ...named, ...doneWith(kind, job.returnvalue) };
  if (state === "failed")
    return { ...named, state: "failed", reason: readReason(job.failedReason) };
  if (state === "active")
    return { ...named, state: "running", progress: kind.progress.safeParse(job.progress).data };
  return { ...named, state: "waiting" };
}

/** Tells what BullMQ tells of jobs, whichever gateway does them. */
export function followEvents<D, P, R>(
  kind: JobKind<D, P, R>,
  events: QueueEvents,
  tell: JobListener<P, R>,
): void {
  const say = (key: string, now: JobState<P, R>): void => tell(idOfKey(key), now);
  events.on("waiting", ({ jobId }) => say(jobId, { state: "waiting" }));
  events.on("delayed", ({ jobId }) => say(jobId, { state: "waiting" }));
  events.on("active", ({ jobId }) => say(jobId, { state: "running" }));
  events.on("progress", ({ jobId, data }) =>
    say(jobId, { state: "running", progress: kind.progress.safeParse(data).data }),
  );
  events.on("completed", ({ jobId, returnvalue }) => say(jobId, doneWith(kind, returnvalue)));
  events.on("failed", ({ jobId, failedReason }) =>
    say(jobId, { state: "failed", reason: readReason(failedReason) }),
  );
  events.on("removed", ({ jobId, prev }) => {
    // What is over is removed to make room, which is nobody's business.
    if (isWaiting(prev)) say(jobId, { state: "failed", reason: CANCELLED });
  });
}
