import { type JobQueue, type JobState } from "@upreel/core";
import { CANCELLED, toError } from "./job-reasons.ts";

type Watched<Data, Progress, Result> = Pick<JobQueue<Data, Progress, Result>, "get" | "subscribe">;

/** The result of a job of `queue`; see `JobQueue.finished`. */
export async function untilFinished<Data, Progress, Result>(
  queue: Watched<Data, Progress, Result>,
  id: string,
  signal: AbortSignal,
): Promise<Result> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const settle = (now: JobState<Progress, Result>): void => {
    if (now.state === "done") resolve(now.result);
    else if (now.state === "failed") reject(toError(now.reason));
  };
  const unsubscribe = queue.subscribe((which, now) => {
    if (which === id) settle(now);
  });
  const giveUp = (): void => reject(signal.reason);
  signal.addEventListener("abort", giveUp);
  try {
    // After the subscription: what ends meanwhile is told, what has ended is found.
    queue.get(id).then(
      (job) => settle(job ?? { state: "failed", reason: CANCELLED }),
      (thrown: unknown) => reject(thrown),
    );
    return await promise;
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", giveUp);
  }
}
