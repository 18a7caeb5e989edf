import { open } from "node:fs/promises";
import {
  PTS_OFFSET_FRAMES,
  PTS_PER_SECOND,
  UpreelError,
  frameSeconds,
  type Timeline,
} from "@upreel/core";
import { inspectSegment, mp4HeaderBytes } from "@upreel/watcher";

/** Enough for parameter sets, and for the header of an MP4 file. */
const BYTES_TO_READ = 64 * 1024;

/** The first bytes of a segment. */
export async function readStart(path: string): Promise<Buffer> {
  await using handle = await open(path, "r");
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(BYTES_TO_READ), 0, BYTES_TO_READ, 0);
  return buffer.subarray(0, bytesRead);
}

export async function headerBytes(path: string): Promise<number> {
  const bytes = mp4HeaderBytes(await readStart(path));
  if (bytes !== undefined) return bytes;
  throw new UpreelError("encoder_failed", "a segment of the original has no header", {
    expected: `a header of at most ${BYTES_TO_READ} bytes`,
  });
}

/** Whether the first picture is the key frame that belongs there, where the bytes tell. */
export function startsAt(bytes: Buffer, timeline: Timeline, startMicros: number): boolean {
  const pts = inspectSegment(bytes).pictures[0]?.pts90k;
  if (pts === undefined) return true;
  const wanted = frameSeconds(timeline, PTS_OFFSET_FRAMES) * PTS_PER_SECOND + startMicros * 0.09;
  // Half a frame of 60 a second.
  return Math.abs(pts - wanted) < 750;
}
