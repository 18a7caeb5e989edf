import type { Response } from "express";
import { within } from "./within.ts";

/** One MPEG-TS packet that every demuxer skips: sync byte, PID 0x1FFF, stuffing. */
export const NULL_PACKET: Buffer = Buffer.alloc(188, 0xff);
NULL_PACKET.set([0x47, 0x1f, 0xff, 0x10]);

/** How the answer to a request for media is kept alive while it is waited for. */
export interface KeepAliveTiming {
  /** Silence before the answer starts; ExoPlayer gives up after 8 s without a byte. */
  readonly silentMs: number;
  /** Between two pieces of filler after that. */
  readonly packetEveryMs: number;
  /** What is sent meanwhile; default null packets. */
  readonly filler?: Filler;
}

/** What keeps the line of an answer alive. */
export interface Filler {
  readonly first: Buffer | string;
  readonly next: Buffer | string;
}

/** What demuxers skip: so many packets at first, then one at a time. */
export const nullPackets = (count: number): Filler => ({
  first: Buffer.alloc(count * NULL_PACKET.length, NULL_PACKET),
  next: NULL_PACKET,
});

/** Longer than any request is held: the answer does not start before what is waited for is there. */
export const FOR_EVER_MS = 3600_000;

/**
 * Waits for `ready`. Silent at first; then the 200 answer starts and a piece of filler a second keeps players
 * waiting (measured: hls.js, mpv, VLC, ExoPlayer's and ffmpeg's time-outs). "ready": the answer has not been
 * started. "begun": the rest of it is what was waited for. "over": by `signal`, who waits is gone or the
 * server stops, whose end cuts what was begun: cut sooner, it counts as a whole segment to mpv, which then
 * asks for the next one at once, and is through the film in a second. Rejects as `ready` does.
 */
export async function keepAlive(
  ready: Promise<unknown>,
  response: Response,
  { silentMs, packetEveryMs, filler = nullPackets(1) }: KeepAliveTiming,
  signal: AbortSignal,
): Promise<"ready" | "begun" | "over"> {
  const first = await within(
    ready.then(() => "ready" as const),
    { ms: silentMs },
  );
  if (first === "ready") return first;

  response.status(200);
  response.write(filler.first);
  const packets = setInterval(() => response.write(filler.next), packetEveryMs);
  try {
    await ready;
    return "begun";
  } catch (thrown) {
    if (signal.aborted) return "over";
    // The head is out: a cut connection is the only way left to say that no segment comes.
    response.destroy();
    throw thrown;
  } finally {
    clearInterval(packets);
  }
}
