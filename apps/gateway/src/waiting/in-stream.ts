import {
  isActive,
  UpreelError,
  type StreamFolder,
  type StreamRecords,
  type StreamState,
} from "@upreel/core";
import type { Streams } from "@upreel/streams";
import { until, type Changes } from "./until.ts";

/** Who waits for something of a stream. */
export interface StreamWaiter {
  readonly streams: Pick<Streams, "get" | "status" | "subscribe">;
  readonly records: Pick<StreamRecords, "subscribe">;
  /**
   * Of somebody in the middle of a film, whose player takes an error for its end: a stream that came to
   * rest is started again, and waited for. Without, the wait ends with the stream's reason.
   */
  readonly reopen?: ((id: string) => void) | undefined;
}

/** What could not be started again is tried again so often. */
const REOPEN_EVERY_MS = 2_000;

/** Whatever a stream tells of itself: its state, its progress, its end. */
export const eventsOf =
  (streams: Pick<Streams, "subscribe">, id: string): Changes =>
  (listener) =>
    streams.subscribe((event) => {
      if ((event.type === "status" ? event.status.id : event.id) === id) listener();
    });

/** Whatever happens to a stream: its state, its record, and with its folder each segment and live playlist. */
export function changesOf(
  { streams, records }: Pick<StreamWaiter, "streams" | "records">,
  id: string,
  folder?: Pick<StreamFolder, "onPublished" | "onListed">,
): Changes {
  return (listener) => {
    const stops = [
      eventsOf(streams, id)(listener),
      records.subscribe((of) => {
        if (of === id) listener();
      }),
      folder?.onPublished(listener),
      folder?.onListed(listener),
    ];
    return () => {
      for (const stop of stops) stop?.();
    };
  };
}

/** Whether a stream is at rest for who waits; for a patient one it is started again. */
export function isAtRest({ reopen }: Pick<StreamWaiter, "reopen">, id: string, state: StreamState) {
  if (isActive(state)) return false;
  if (state === "complete") return true;
  reopen?.(id);
  return reopen === undefined;
}

/**
 * What `look` gives of a stream as soon as there is something. Throws the stream's own reason when it
 * ends without, `timeout` after `ms`; by itself it has no end.
 */
export async function waitInStream<T>(
  waiter: StreamWaiter,
  { id, folder }: { readonly id: string; readonly folder?: StreamFolder },
  look: () => Promise<T | undefined>,
  { signal, ms }: { readonly signal: AbortSignal; readonly ms?: number },
): Promise<T> {
  const { streams, reopen } = waiter;
  const found = await until(
    async () => {
      const { state, reason } = streams.status(id);
      const it = await look();
      if (it !== undefined || isActive(state)) return it;
      if (reopen !== undefined) {
        reopen(id);
        return undefined;
      }
      throw new UpreelError(
        reason?.code ?? "not_found",
        reason?.message ??
          `nothing of this film is upscaled yet and it is ${state}; start it again`,
        { expected: reason?.expected, got: reason?.got },
      );
    },
    {
      ...{ changes: changesOf(waiter, id, folder), signal, ms },
      againMs: reopen && REOPEN_EVERY_MS,
    },
  );
  if (found !== undefined) return found;
  throw new UpreelError("timeout", "the first segment is not there yet; try again", {
    expected: ms === undefined ? undefined : `within ${ms / 1000} s`,
    got: `a stream that is ${streams.status(id).state}`,
  });
}
