import { toUpreelError, type StreamView } from "@upreel/core";
import { passReason, type PassReason } from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import { eventsOf } from "../../waiting/in-stream.ts";
import { until } from "../../waiting/until.ts";

/** Whether a stream can be played from a place on. */
export type Proof =
  | { readonly isProved: true; readonly status: StreamView; readonly bitsPerSecond: number }
  | { readonly isProved: false; readonly reason: PassReason };

/** Seconds beyond the start that must be there: the first segment, which may be nearly over. */
const NEEDED_SECONDS = 1;
/** Segments whose size is looked at. */
const SAMPLES = 5;

/**
 * Waits until the stream `id` has what a player needs that starts at `startSeconds`, at most
 * `timeoutMs`: some players end the film when a stream does not start.
 */
export async function proveStream(
  streams: Streams,
  { id, startSeconds, timeoutMs }: { id: string; startSeconds: number; timeoutMs: number },
): Promise<Proof> {
  const settled = await untilDecided(streams, id, startSeconds, timeoutMs);
  switch (settled) {
    case "ready":
      return {
        isProved: true,
        status: streams.status(id),
        bitsPerSecond: await measureBits(streams, id),
      };
    case "failed":
      return {
        isProved: false,
        reason: passReason(
          "stream_failed",
          streams.status(id).reason?.message ?? "the film could not be upscaled",
        ),
      };
    case "late":
      return {
        isProved: false,
        reason: passReason(
          "not_ready_in_time",
          `the first upscaled pictures were not there within ${(timeoutMs / 1_000).toFixed(1)} s`,
        ),
      };
  }
}

/** What comes first within `timeoutMs`. */
export async function untilDecided(
  streams: Pick<Streams, "status" | "subscribe">,
  id: string,
  startSeconds: number,
  timeoutMs: number,
): Promise<"ready" | "failed" | "late"> {
  const look = (): "ready" | "failed" | undefined => {
    const status = streams.status(id);
    if (isThere(status, startSeconds)) return "ready";
    return status.state === "failed" ? "failed" : undefined;
  };
  try {
    return (await until(look, { changes: eventsOf(streams, id), ms: timeoutMs })) ?? "late";
  } catch (thrown) {
    // Removed meanwhile.
    if (toUpreelError(thrown).code === "stream_not_found") return "late";
    throw thrown;
  }
}

export function isThere(status: StreamView, startSeconds: number): boolean {
  const end = status.durationSeconds;
  if (end === undefined) return false;
  const from = Math.min(startSeconds, Math.max(0, end - NEEDED_SECONDS));
  const to = Math.min(end, from + NEEDED_SECONDS);
  return status.readyRanges.some(([first, last]) => first <= from && to <= last);
}

/** Of the segments made so far; the frame count stands for their length in seconds. */
async function measureBits(streams: Streams, id: string): Promise<number> {
  const { durationSeconds: duration, segmentsTotal: total } = streams.status(id);
  const folder = await streams.folder(id);
  const sample = [...folder.ready].slice(0, SAMPLES);
  if (duration === undefined || total === undefined || sample.length === 0) return 0;
  const places = await Promise.all(sample.map((k) => folder.locate(k)));
  const bytes = places.reduce((sum, { length }) => sum + length, 0);
  return (bytes * 8) / ((duration / total) * sample.length);
}
