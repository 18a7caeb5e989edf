import { once } from "node:events";
import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { UpreelError } from "@upreel/core";
import type { GatewayFilm } from "./gateway-film.ts";

/** A gateway that is being restarted is back within this. */
const RETRY_MS = [100, 250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];

/** How the pictures come to ffmpeg. */
export interface Feed {
  readonly film: Pick<GatewayFilm, "readSegment" | "firstSegment" | "segmentCount">;
  readonly target: Writable;
  /** Already read. */
  readonly first: Uint8Array;
  /** While it is pending nothing is written: the player has enough. */
  readonly whenWanted: () => Promise<void>;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/**
 * Writes segment after segment, and asks for the next one meanwhile. Returns when all are written; throws when
 * one does not come in time.
 */
export async function feedPictures(feed: Feed): Promise<void> {
  const { film, target, signal } = feed;
  // Ffmpeg may end first; whoever follows it knows why.
  target.on("error", () => undefined);
  let bytes = feed.first;
  for (let k = film.firstSegment; k < film.segmentCount; k += 1) {
    await feed.whenWanted();
    const isLast = k + 1 === film.segmentCount;
    const next = isLast ? undefined : readInTime(feed, k + 1);
    // It is awaited below, after the writing.
    next?.catch(() => undefined);
    if (!target.write(bytes)) await once(target, "drain", { signal });
    signal.throwIfAborted();
    bytes = (await next) ?? bytes;
  }
  target.end();
}

/** The time that a segment takes is what is waited for it, and not what ffmpeg takes with the one before. */
async function readInTime({ film, waitMs, signal }: Feed, segment: number): Promise<Uint8Array> {
  const late = AbortSignal.timeout(waitMs);
  const within = AbortSignal.any([signal, late]);
  try {
    return await tryAgain(() => film.readSegment(segment, within), within);
  } catch (thrown) {
    if (!late.aborted) throw thrown;
    const message = `segment ${segment} of Upreel's did not come within ${waitMs / 1000} s`;
    throw new UpreelError("timeout", message);
  }
}

/** What no trying again helps is told by an `UpreelError`. */
export async function tryAgain<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let failed = 0; ; failed += 1) {
    try {
      return await attempt();
    } catch (thrown) {
      const delay = RETRY_MS[failed];
      if (thrown instanceof UpreelError || signal.aborted || delay === undefined) throw thrown;
      await sleep(delay, undefined, { signal });
    }
  }
}
