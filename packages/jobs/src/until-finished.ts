import { type JobQueue, type JobState } from "@upreel/core";
import { CANCELLED, toError } from "./job-reasons.ts";

type Watched<Data, Progress, Result> = Pick<JobQueue<Data, Progress, Result>, "get" | "subscribe">;

/**
 * The result of a job of `queue`; see `JobQueue.finished`. With `lookAgainMs` it also looks by itself every so many
 * milliseconds, for queues that may miss an event.
 */
export async function untilFinished<Data, Progress, Result>(
  queue: Watched<Data, Progress, Result>,
  id: string,
  signal: AbortSignal,
  lookAgainMs?: number,
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
  let isLooking = false;
  const look = async (): Promise<void> => {
    isLooking = true;
    try {
      settle((await queue.get(id)) ?? { state: "failed", reason: CANCELLED });
    } finally {
      isLooking = false;
    }
  };
  // One at a time, while a server is away, too. One that fails is made up for by the next.
  const lookAgain = (): void => {
    if (!isLooking) look().catch(() => undefined);
  };
  const again = lookAgainMs === undefined ? undefined : setInterval(lookAgain, lookAgainMs);
  try {
    // After the subscription: what ends meanwhile is told, what has ended is found.
    look().catch((thrown: unknown) => reject(thrown));
    return await promise;
  } finally {
    clearInterval(again);
    unsubscribe();
    signal.removeEventListener("abort", giveUp);
  }
}
