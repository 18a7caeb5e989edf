import { readFile } from "node:fs/promises";
import { UpreelError, type StreamState } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import type { Response } from "express";
import type { GatewayDeps } from "../deps.ts";

/** States in which segments are being made or will be without anyone asking again. */
const ACTIVE: ReadonlySet<StreamState> = new Set(["queued", "starting", "running", "paused"]);
export const isActive = (state: StreamState): boolean => ACTIVE.has(state);

/** How often to look again: publishing a segment and writing the playlist are two steps, and only the first has an event. */
const LOOK_AGAIN_MS = 100;

/**
 * Calls `look` at every change of the stream until it gives something. Throws the stream's own
 * reason when it ends without, `timeout` after `timeoutMs`.
 */
export async function waitInStream<T>(
  streams: Streams,
  id: string,
  look: () => Promise<T | undefined>,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const ended = AbortSignal.any([signal, deadline]);
  for (;;) {
    const { state, reason } = streams.status(id);
    const found = await look();
    if (found !== undefined) return found;
    if (!isActive(state))
      throw new UpreelError(
        reason?.code ?? "not_found",
        reason?.message ??
          `nothing of this film is upscaled yet and it is ${state}; start it again`,
        {
          expected: reason?.expected,
          got: reason?.got,
        },
      );
    if (deadline.aborted)
      throw new UpreelError("timeout", "the first segment is not there yet; ask again", {
        expected: `within ${timeoutMs / 1000} s`,
        got: `a stream that is ${state}`,
      });
    signal.throwIfAborted();
    await nextChange(streams, id, ended);
  }
}

/** Settles at the next event of the stream, soon anyway, or when `signal` aborts. */
async function nextChange(streams: Streams, id: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = streams.subscribe((event) => {
    if ((event.type === "status" ? event.status.id : event.id) === id) resolve();
  });
  const timer = setTimeout(resolve, LOOK_AGAIN_MS);
  const onAbort = (): void => resolve();
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) resolve();
  try {
    await promise;
  } finally {
    unsubscribe();
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** The text of a live playlist that a player can start with; undefined before its first segment. */
export async function readPlayable(path: string): Promise<string | undefined> {
  const playlist = await readFile(path, "utf8").catch((thrown: unknown) => {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return "";
    throw thrown;
  });
  return playlist.includes("#EXTINF") ? playlist : undefined;
}

/** Ends a wait when the client goes or the server closes. */
export function waiting(
  deps: GatewayDeps,
  response: Response,
): { signal: AbortSignal; timeoutMs: number } {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return { signal: AbortSignal.any([gone.signal, deps.closing]), timeoutMs: deps.hold.playlistMs };
}
