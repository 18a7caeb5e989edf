import { systemClock, type TimedClock } from "./timed-clock.ts";

/** Calls `listener` at each change of what is waited for; gives what ends that. */
export type Changes = (listener: () => void) => () => void;

export interface UntilOptions {
  readonly changes: Changes;
  /** Who waits is gone: the wait rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** The longest wait; default without end. */
  readonly ms?: number | undefined;
  /** Looks again after so long without a change: for what failed and may be tried again. Default never. */
  readonly againMs?: number | undefined;
  readonly clock?: TimedClock;
}

/** For what only time tells. */
export const NO_CHANGES: Changes = () => () => undefined;

/**
 * What `look` gives, as soon as it gives something: it is asked at once, and again at each change.
 * Undefined when that takes longer than `ms`. Rejects as `look` does.
 */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  { changes, signal, ms, againMs, clock = systemClock }: UntilOptions,
): Promise<T | undefined> {
  let wake = Promise.withResolvers<void>();
  let isOver = false;
  const onWake = (): void => wake.resolve();
  const stops = [
    changes(onWake),
    ms === undefined
      ? undefined
      : clock.after(ms, () => {
          isOver = true;
          onWake();
        }),
  ];
  signal?.addEventListener("abort", onWake);
  try {
    for (;;) {
      signal?.throwIfAborted();
      // Before the look: what changes meanwhile is seen by the next one.
      wake = Promise.withResolvers<void>();
      const isLast = isOver;
      const found = await look();
      if (found !== undefined || isLast) return found;
      const callOff = againMs === undefined ? undefined : clock.after(againMs, onWake);
      await wake.promise.finally(callOff);
    }
  } finally {
    signal?.removeEventListener("abort", onWake);
    for (const stop of stops) stop?.();
  }
}
