import { UpreelError } from "@upreel/core";

/** Work that several clients may wait for; it is stopped when the last of them goes. */
export interface SharedWork<T> {
  /**
   * Starts `work`, or joins it where `key` is under way. Rejects with the abort reason when `signal`
   * aborts, and with `timeout` when too much is under way already.
   */
  share(key: string, signal: AbortSignal, work: (stop: AbortSignal) => Promise<T>): Promise<T>;
}

interface Running<T> {
  readonly done: Promise<T>;
  readonly stop: AbortController;
  waiters: number;
}

export function createSharedWork<T>(most: number, closing: AbortSignal): SharedWork<T> {
  const running = new Map<string, Running<T>>();

  function start(key: string, work: (stop: AbortSignal) => Promise<T>): Running<T> {
    if (running.size >= most)
      throw new UpreelError("timeout", "too much is being made at the moment; try again", {
        expected: `at most ${most} at a time`,
      });
    const stop = new AbortController();
    const done = work(AbortSignal.any([stop.signal, closing])).finally(() => {
      if (running.get(key) === entry) running.delete(key);
    });
    // Whoever waited for it may be gone.
    done.catch(() => {});
    const entry = { done, stop, waiters: 0 };
    running.set(key, entry);
    return entry;
  }

  return {
    async share(key, signal, work) {
      signal.throwIfAborted();
      const entry = running.get(key) ?? start(key, work);
      entry.waiters += 1;
      const { promise: gone, reject } = Promise.withResolvers<never>();
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        return await Promise.race([entry.done, gone]);
      } finally {
        signal.removeEventListener("abort", onAbort);
        entry.waiters -= 1;
        if (entry.waiters === 0) {
          // A client that comes now starts anew.
          if (running.get(key) === entry) running.delete(key);
          entry.stop.abort();
        }
      }
    },
  };
}
