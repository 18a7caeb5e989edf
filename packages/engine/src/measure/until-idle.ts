import type { Streams } from "@upreel/streams";

type Watched = Pick<Streams, "list" | "subscribe">;

/** A stream takes the processor. */
export const isBusy = (streams: Pick<Streams, "list">): boolean =>
  streams.list().some(({ state }) => state === "starting" || state === "running");

/** Aborts when a stream begins to take the processor; to be disposed of when nobody cares any more. */
export function untilBusy(streams: Watched): Disposable & { readonly signal: AbortSignal } {
  const busy = new AbortController();
  const look = (): void => {
    if (isBusy(streams)) busy.abort();
  };
  const unsubscribe = streams.subscribe(look);
  look();
  return { signal: busy.signal, [Symbol.dispose]: unsubscribe };
}

/** Settles when no stream takes the processor, or when `signal` aborts. */
export function untilIdle(streams: Watched, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (isBusy(streams) && !signal.aborted) return;
    unsubscribe();
    signal.removeEventListener("abort", look);
    resolve();
  };
  const unsubscribe = streams.subscribe(look);
  signal.addEventListener("abort", look);
  look();
  return promise;
}
