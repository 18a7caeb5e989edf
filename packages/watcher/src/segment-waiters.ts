import { UpreelError } from "@upreel/core";

interface Entry {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  waiters: number;
}

/** Those who wait for a segment that is not there yet; all waiters of one share an entry. */
export class SegmentWaiters {
  readonly #entries = new Map<number, Entry>();

  /** Settles at `settle(k)`; rejects when `signal` aborts, with its reason. */
  async wait(k: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const entry = this.#entries.get(k) ?? this.#open(k);
    entry.waiters += 1;
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await Promise.race([entry.promise, aborted.promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
      entry.waiters -= 1;
      if (entry.waiters === 0 && this.#entries.get(k) === entry) this.#entries.delete(k);
    }
  }

  settle(k: number): void {
    this.#entries.get(k)?.resolve();
    this.#entries.delete(k);
  }

  /** The stream is closed: nobody waits any longer. */
  rejectAll(): void {
    for (const [k, entry] of this.#entries) {
      entry.reject(
        new UpreelError("cancelled", `segment ${k} will not come: its stream is closed`),
      );
    }
    this.#entries.clear();
  }

  #open(k: number): Entry {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const entry: Entry = { promise, resolve, reject, waiters: 0 };
    this.#entries.set(k, entry);
    return entry;
  }
}
