import { UpreelError } from "@upreel/core";
import { systemClock, type TimedClock } from "./timed-clock.ts";

export interface Bounds {
  readonly ms: number;
  /** Who waits is gone: the wait rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Default the machine's own. */
  readonly clock?: TimedClock;
}

/** What `work` gives; undefined when that takes longer than `ms`. The work itself goes on. */
export async function within<T>(
  work: Promise<T>,
  { ms, signal, clock = systemClock }: Bounds,
): Promise<T | undefined> {
  signal?.throwIfAborted();
  const over = Promise.withResolvers<undefined>();
  const callOff = clock.after(ms, () => over.resolve(undefined));
  const onAbort = (): void => over.reject(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    callOff();
    signal?.removeEventListener("abort", onAbort);
  }
}

/**
 * What `work` gives; `timeout` with `message` when that takes longer than who asks should wait. The work
 * goes on.
 */
export async function inTime<T>(work: Promise<T>, bounds: Bounds, message: string): Promise<T> {
  const found = await within(
    work.then((value) => ({ value })),
    bounds,
  );
  if (found !== undefined) return found.value;
  throw new UpreelError("timeout", message, { expected: `within ${bounds.ms / 1000} s` });
}
