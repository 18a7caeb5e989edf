import {
  type SegmentLocation,
  toUpreelError,
  UpreelError,
  type StreamFolder,
  type StreamState,
  type StreamView,
} from "@upreel/core";
import { publishedStream } from "@upreel/watcher";
import type { Response } from "express";
import { NOT_HERE_NOW } from "../server/error-status.ts";
import { writeSegment } from "./send-segment.ts";
import { changesOf, isAtRest, type StreamWaiter } from "../../waiting/in-stream.ts";
import { keepAlive, type KeepAliveTiming } from "../../waiting/keep-alive.ts";
import { NO_CHANGES, until } from "../../waiting/until.ts";

export interface HeldSegment {
  readonly id: string;
  readonly segment: number;
  readonly folder: StreamFolder;
  /** Asks for it once more: who waits is still there, and a stream that failed is tried again. */
  readonly ask: () => void;
}

/** Another gateway takes a film over within seconds. If the segment is not there after this, it is not being made. */
const ELSEWHERE_MS = 60_000;

/** Tells where segments lie. */
type Segments = Pick<StreamFolder, "locate">;

/** Where gateways that share their streams find them. */
interface Shared {
  readonly dataDir: string;
}

type Waiter = StreamWaiter & { readonly timing: KeepAliveTiming; readonly signal: AbortSignal };

/**
 * Holds a request for a segment that is being made until it is there. "ready": the answer has not been
 * started, and the caller should send the file. "sent": all was written here.
 */
export async function holdForSegment(
  wanted: HeldSegment & Shared,
  response: Response,
  waiter: Waiter,
): Promise<"ready" | "sent"> {
  const { segment, folder } = wanted;
  const ready = segmentReady(wanted, waiter).then(
    (): Segments => folder,
    async (thrown: unknown): Promise<Segments | "never"> => {
      // An answer that has begun ends without the segment, any other one says why.
      if (waiter.signal.aborted || !response.headersSent) throw thrown;
      return NOT_HERE_NOW.has(toUpreelError(thrown).code)
        ? madeElsewhere(wanted, waiter, thrown)
        : "never";
    },
  );
  const held = await keepAlive(ready, response, waiter.timing, waiter.signal);
  if (held === "begun") {
    const found = await ready;
    if (found === "never") response.end();
    else await writeSegment(response, found, segment);
  }
  return held === "ready" ? "ready" : "sent";
}

/**
 * Where a segment lies that another gateway makes, which has the stream now: an answer that has begun waits
 * for it. Ended or cut, it counts as a segment without pictures to some players. Rejects with
 * `thrown` when the other one does not make it, either.
 */
async function madeElsewhere(
  { dataDir, id, segment }: HeldSegment & Shared,
  { signal, timing }: Waiter,
  thrown: unknown,
): Promise<Segments> {
  const locate = async (): Promise<SegmentLocation | undefined> =>
    (await publishedStream(dataDir, id))?.locate(segment).catch(() => undefined);
  const location = await until(locate, {
    ...{ changes: NO_CHANGES, signal, againMs: timing.packetEveryMs, ms: ELSEWHERE_MS },
  });
  if (location === undefined) throw thrown;
  return { locate: async () => location };
}

/** Settles when a segment is there, and has it asked for until then. Rejects with why it never will be. */
export async function segmentReady(
  { id, segment, folder, ask }: HeldSegment,
  waiter: Waiter,
): Promise<void> {
  const why = whyNeverOf(waiter, id, segment);
  const askAgain = (): void => {
    try {
      ask();
    } catch {
      // The stream is being removed: its end, which comes next, ends this.
    }
  };
  const asking = setInterval(askAgain, waiter.timing.silentMs);
  const look = (): true | undefined => {
    if (folder.ready.has(segment)) return true;
    const reason = why();
    if (reason !== undefined) throw reason;
    return undefined;
  };
  const changes = changesOf(waiter, id, folder);
  await until(look, { changes, signal: waiter.signal }).finally(() => clearInterval(asking));
}

/**
 * Tells why a segment will not come: its stream is removed, turns out to be shorter, or comes to be
 * cancelled. One that was at rest when it was asked for is started again by that; one that fails, too, as
 * long as somebody waits.
 */
function whyNeverOf(
  waiter: StreamWaiter,
  id: string,
  segment: number,
): () => UpreelError | undefined {
  let before: StreamState | undefined;
  return () => {
    const status = waiter.streams.get(id);
    if (status === undefined) return whyGone(waiter, id);
    const isRest = isAtRest(waiter, id, status.state);
    const isCancelled =
      isRest && status.state === "cancelled" && (before ?? "cancelled") !== "cancelled";
    before = status.state;
    return isCancelled ? segmentMissing(segment, "cancelled") : pastTheEnd(status, segment);
  };
}

/** It was removed, or is another gateway's now. */
function whyGone({ streams }: Pick<StreamWaiter, "streams">, id: string): UpreelError {
  try {
    streams.status(id);
  } catch (thrown) {
    return toUpreelError(thrown);
  }
  return new UpreelError("stream_not_found", "the stream was removed");
}

/** What is to be said of a segment that the film does not have. */
export const pastTheEnd = (
  status: Pick<StreamView, "segmentsTotal" | "reason">,
  segment: number,
): UpreelError | undefined =>
  status.segmentsTotal === undefined || segment < status.segmentsTotal
    ? undefined
    : new UpreelError(
        status.reason?.code === "source_truncated" ? "source_truncated" : "segment_not_found",
        `segment ${segment} is past the end of the film`,
        { expected: `0 to ${status.segmentsTotal - 1}`, got: String(segment) },
      );

const segmentMissing = (segment: number, state: string): UpreelError =>
  new UpreelError(
    "segment_not_found",
    `segment ${segment} does not exist and is not being made; start the film again`,
    {
      expected: "a stream that is running",
      got: `a stream that is ${state}`,
    },
  );

/** A request of a viewer has missing segments made; any other request is refused here if its segment will never come. */
export function refuseWhatNeverComes(
  waiter: Pick<StreamWaiter, "reopen">,
  status: StreamView,
  segment: number,
  isWatching: boolean,
): void {
  const pastEnd = pastTheEnd(status, segment);
  if (pastEnd !== undefined) throw pastEnd;
  if (!isWatching && isAtRest(waiter, status.id, status.state))
    throw segmentMissing(segment, status.state);
}
