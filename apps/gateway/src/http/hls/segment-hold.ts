import { setTimeout as sleep } from "node:timers/promises";
import { UpreelError, type StreamView, type StreamFolder } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import type { Response } from "express";
import type { HoldTiming } from "../deps.ts";
import { writeSegment } from "./send-segment.ts";

/** One MPEG-TS packet that every demuxer skips: sync byte, PID 0x1FFF, stuffing. */
export const NULL_PACKET: Buffer = Buffer.alloc(188, 0xff);
NULL_PACKET.set([0x47, 0x1f, 0xff, 0x10]);

export interface HeldSegment {
  readonly id: string;
  readonly segment: number;
  readonly folder: StreamFolder;
  /** Asks for it once more: who waits is still there, and a stream that failed is tried again. */
  readonly ask: () => void;
}

/**
 * Keeps a request for a segment that is being made until it is there. Silent at first; then the
 * 200 answer starts and one null packet a second keeps players waiting (measured: hls.js, mpv, VLC,
 * ExoPlayer's and ffmpeg's time-outs). Returns "ready" when the answer has not been started and the
 * caller should send the file, "sent" when all was written here.
 */
export async function holdForSegment(
  { id, segment, folder, ask }: HeldSegment,
  response: Response,
  { streams, timing, signal }: { streams: Streams; timing: HoldTiming; signal: AbortSignal },
): Promise<"ready" | "sent"> {
  using over = streamOver(streams, id, segment, folder);
  let isOver = false;
  const ready = folder
    .whenReady(segment, AbortSignal.any([signal, over.signal]))
    .catch((thrown: unknown) => {
      if (signal.aborted) throw thrown;
      // An answer that has begun ends without the segment, any other one says why.
      if (!response.headersSent) throw whyNot(thrown);
      isOver = true;
    });
  const askAgain = (): void => {
    try {
      ask();
    } catch {
      // The stream is being removed: its end, which comes next, ends this.
    }
  };
  const asking = setInterval(askAgain, timing.silentMs);
  const held = await holdWithPackets(ready, response, timing, signal).finally(() =>
    clearInterval(asking),
  );
  if (held === "begun") {
    if (isOver) response.end();
    else await writeSegment(response, folder, segment);
  }
  return held === "ready" ? "ready" : "sent";
}

/** The folder of a stream that is removed is closed before its end is told. */
const whyNot = (thrown: unknown): unknown =>
  thrown instanceof UpreelError && thrown.code === "cancelled" ? streamRemoved() : thrown;

/**
 * Waits for `ready` as `holdForSegment` tells. "ready": the answer has not been started. "begun":
 * the rest of it is the segment. "over": by `signal`, who waits is gone or the server stops, whose end
 * cuts what was begun: cut sooner, it counts as a whole segment to mpv, which then asks for the next
 * one at once, and is through the film in a second.
 */
export async function holdWithPackets(
  ready: Promise<unknown>,
  response: Response,
  timing: HoldTiming,
  signal: AbortSignal,
): Promise<"ready" | "begun" | "over"> {
  const silence = new AbortController();
  try {
    const first = await Promise.race([
      ready.then(() => "ready" as const),
      sleep(timing.silentMs, "silent" as const, { signal: silence.signal }),
    ]);
    if (first === "ready") return "ready";
  } finally {
    silence.abort();
  }

  response.status(200);
  response.write(NULL_PACKET);
  const packets = setInterval(() => response.write(NULL_PACKET), timing.packetEveryMs);
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

/**
 * Aborts, with what to answer, when the segment will not come: its stream is cancelled or removed, or
 * turns out to be shorter. One that fails is tried again as long as somebody waits.
 */
function streamOver(
  streams: Streams,
  id: string,
  segment: number,
  folder: StreamFolder,
): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const unsubscribe = streams.subscribe((event) => {
    if ((event.type === "status" ? event.status.id : event.id) !== id) return;
    if (event.type === "removed") {
      controller.abort(streamRemoved());
    } else if (!folder.ready.has(segment)) {
      const { status } = event;
      const isCancelled = status.state === "cancelled";
      const reason = isCancelled
        ? segmentMissing(segment, "cancelled")
        : pastTheEnd(status, segment);
      if (reason !== undefined) controller.abort(reason);
    }
  });
  return { signal: controller.signal, [Symbol.dispose]: unsubscribe };
}

const streamRemoved = (): UpreelError =>
  new UpreelError("stream_not_found", "the stream was removed");

/** What is to be said of a segment that the film does not have. */
export const pastTheEnd = (status: StreamView, segment: number): UpreelError | undefined =>
  status.segmentsTotal === undefined || segment < status.segmentsTotal
    ? undefined
    : new UpreelError(
        status.reason?.code === "source_truncated" ? "source_truncated" : "segment_not_found",
        `segment ${segment} is past the end of the film`,
        { expected: `0 to ${status.segmentsTotal - 1}`, got: String(segment) },
      );

export const segmentMissing = (segment: number, state: string): UpreelError =>
  new UpreelError(
    "segment_not_found",
    `segment ${segment} does not exist and is not being made; start the film again`,
    {
      expected: "a stream that is running",
      got: `a stream that is ${state}`,
    },
  );
