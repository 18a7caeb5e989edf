import {
  UpreelError,
  segmentCount,
  segmentFrames,
  type Output,
  type Source,
  type Timeline,
} from "@upreel/core";
import { sourceUnavailable, unreadableLine } from "../ffmpeg/source-trouble.ts";
import { startDecoder } from "../decoding/start-decoder.ts";

interface DecodedFilm {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
  /** Of segment k; null: not known. */
  readonly decoded: readonly (number | null)[];
}

/**
 * How many pictures were decoded for each segment. Where that is not known, since a worker was killed, they
 * are decoded again, which takes a tenth of what upscaling them did. Rejects with the abort reason, and
 * with `source_unavailable` where the film cannot be read now, `decoder_failed` where ffmpeg is killed again and again.
 */
export async function decodedPictures(
  film: DecodedFilm,
  tools: { readonly ffmpeg: string },
  signal: AbortSignal,
): Promise<number[]> {
  const { decoded, timeline } = film;
  const known = Array.from({ length: segmentCount(timeline) }, (_, k) => decoded[k] ?? undefined);
  for (;;) {
    const from = known.indexOf(undefined);
    if (from < 0) return known.map((count) => count ?? 0);
    const next = known.findIndex((count, k) => k > from && count !== undefined);
    const to = next < 0 ? known.length : next;
    const found = await decodeAgain(film, { from, to }, tools, signal);
    for (let k = from; k < to; k += 1) known[k] = found.get(k) ?? 0;
  }
}

interface Segments {
  readonly from: number;
  readonly to: number;
}

/** How often a decoder may be killed: that says nothing of the pictures that it had not come to. */
const MOST_KILLED = 3;

async function decodeAgain(
  film: DecodedFilm,
  segments: Segments,
  tools: { readonly ffmpeg: string },
  signal: AbortSignal,
): Promise<ReadonlyMap<number, number>> {
  for (let n = 1; ; n += 1) {
    const { pictures, endedBy } = await decode(film, segments, tools, signal);
    if (endedBy === undefined) return pictures;
    if (n < MOST_KILLED) continue;
    throw new UpreelError(
      "decoder_failed",
      `ffmpeg did not decode ${film.source.path} to its end`,
      {
        expected: `the pictures of segments ${segments.from} to ${segments.to - 1}`,
        got: `${endedBy}, ${MOST_KILLED} times`,
      },
    );
  }
}

async function decode(
  { source, timeline, output }: DecodedFilm,
  { from, to }: Segments,
  tools: { readonly ffmpeg: string },
  signal: AbortSignal,
): Promise<{
  readonly pictures: ReadonlyMap<number, number>;
  /** The signal; undefined: it ended by itself. */
  readonly endedBy: string | undefined;
}> {
  const firstFrame = segmentFrames(timeline, from).first;
  const frames = segmentFrames(timeline, to - 1).end - firstFrame;
  const decoder = await startDecoder(
    {
      ...{ source, timeline, output, firstFrame, frames, pixelFormat: "yuv420p" },
      ...{ size: { width: 16, height: 16 }, target: "/dev/null" },
    },
    { ffmpeg: tools.ffmpeg, name: "decoder", signal },
  );
  const { stderrTail, signal: endedBy } = await decoder.exited;
  signal.throwIfAborted();
  // Its pictures would end there, as if the rest could not be decoded.
  const unread = unreadableLine(stderrTail, source.path);
  if (unread !== undefined) throw sourceUnavailable(source.path, unread);
  return { pictures: decoder.picturesBySegment(), endedBy };
}
