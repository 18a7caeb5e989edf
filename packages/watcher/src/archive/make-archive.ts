import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  UpreelError,
  durationSeconds,
  frameSeconds,
  segmentCount,
  streamElsewhere,
  type Timeline,
  type ArchiveOrder,
  type Log,
  type MadeArchive,
} from "@upreel/core";
import { archiveFileName } from "../records/archive-name.ts";
import { toDiskError, errnoOf, makeFolder, publishFile } from "@upreel/files";
import { checkSlices } from "./check-slices.ts";
import { bytesBelow } from "../folder-bytes.ts";
import { firstMissing } from "../playlists/live-playlist.ts";
import type { HeldLease } from "../records/stream-leases.ts";
import type { CountPictures, FreeBytes } from "../ports.ts";
import { archiveFolder, type StreamPaths } from "../records/stream-paths.ts";

/** Left free for the segments that other streams write meanwhile. */
const SPARE_BYTES = 16 * 1024 * 1024;

/** Few system calls for many bytes. */
const READING = { highWaterMark: 1024 * 1024 };

export interface ArchiveParts {
  readonly id: string;
  readonly paths: StreamPaths;
  readonly dataDir: string;
  readonly timeline: Timeline;
  readonly ready: ReadonlySet<number>;
  readonly countPictures: CountPictures;
  readonly freeBytes: FreeBytes;
  readonly log: Log;
  /** Whether another stream has this archive. */
  readonly isTaken: (path: string) => boolean;
  readonly lease?: HeldLease | undefined;
}

/**
 * Joins the segments under a `.part` name, proves that the film is complete, and only then gives it its
 * name. The segments are copied as they are, so that a slice of the archive is what its URL always
 * was. (tee's one-piece film is no use for that: its sound is interleaved otherwise than that of the
 * segments, and a player that goes from a file to a slice would hear some of it twice.) Throws
 * `archive_invalid` or `disk_full`.
 */
export async function makeArchive(parts: ArchiveParts, order: ArchiveOrder): Promise<MadeArchive> {
  const folder = archiveFolder(parts.dataDir);
  const short = join(folder, archiveFileName(order.title, parts.id));
  // Streams of one title differ in their short ids; should even those meet, the whole id is used.
  const path = parts.isTaken(short) ? join(folder, `${parts.id}.ts`) : short;
  // Of several gateways each its own, should the one before still write.
  const part = parts.lease === undefined ? `${path}.part` : `${path}.${parts.lease.fence}.part`;
  try {
    await makeFolder(folder);
    await assertRoom(folder, parts);
    const offsets = await joinSegments(part, parts, order.signal);
    await verify(part, parts, order.signal);
    const { timeline } = parts;
    const wanted = { timeline, hasSound: order.hasSound };
    const { problem, soundless } = await checkSlices(part, offsets, wanted, order.signal);
    if (problem !== undefined) {
      parts.log.warn("a segment cannot be served from the archive; the segments are kept", {
        archive: path,
        ...problem,
      });
    }
    if (parts.lease?.isHeld() === false) throw streamElsewhere(parts.id);
    await publishFile(part, path);
    return { path, offsets: problem === undefined ? offsets : undefined, soundless };
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw archiveError(error, path);
  }
}

/** A join that fills the disk would take the room of the films that are still being made. */
async function assertRoom(folder: string, { paths, freeBytes }: ArchiveParts): Promise<void> {
  const [needed, free] = [await bytesBelow(paths.segments), await freeBytes(folder)];
  if (free >= needed + SPARE_BYTES) return;
  throw new UpreelError("disk_full", `no space for the archive in ${folder}`, {
    expected: `${needed + SPARE_BYTES} bytes free`,
    got: `${free} bytes free`,
  });
}

/** Returns where each segment begins, and the end of the last one. */
async function joinSegments(
  part: string,
  { paths, timeline, ready }: ArchiveParts,
  signal: AbortSignal,
): Promise<number[]> {
  const count = segmentCount(timeline);
  const missing = firstMissing(ready, 0);
  if (missing < count) {
    const got = `segment ${missing} missing`;
    throw new UpreelError("archive_invalid", "not all segments are made", {
      expected: `${count} segments`,
      got,
    });
  }
  const offsets = [0];
  async function* chunks(): AsyncGenerator<Buffer> {
    let written = 0;
    for (let k = 0; k < count; k += 1) {
      for await (const chunk of createReadStream(paths.segment(k), READING)) {
        const bytes = chunk as Buffer;
        written += bytes.length;
        yield bytes;
      }
      offsets.push(written);
    }
  }
  await pipeline(chunks, createWriteStream(part, READING), { signal });
  return offsets;
}

async function verify(file: string, parts: ArchiveParts, signal: AbortSignal): Promise<void> {
  const { timeline } = parts;
  const found = await parts.countPictures(file, signal);
  const seconds = durationSeconds(timeline);
  // A millisecond for what ffprobe rounds.
  const tolerance = frameSeconds(timeline, 1) + 0.001;
  const isWhole =
    found.frames === timeline.frameCount && Math.abs(found.durationSeconds - seconds) <= tolerance;
  if (isWhole) return;
  throw new UpreelError("archive_invalid", "the finished film does not match its timeline", {
    expected: `${timeline.frameCount} pictures in ${seconds.toFixed(3)} s`,
    got: `${found.frames} pictures in ${found.durationSeconds.toFixed(3)} s`,
  });
}

function archiveError(thrown: unknown, path: string): unknown {
  return errnoOf(thrown) === undefined ? thrown : toDiskError(thrown, path);
}
