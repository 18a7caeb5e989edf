import { createReadStream, createWriteStream } from "node:fs";
import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import {
  UpreelError,
  durationSeconds,
  frameSeconds,
  segmentCount,
  toUpreelError,
  type Timeline,
} from "@upreel/core";
import { archiveFileName } from "./archive-name.ts";
import { errnoOf, syncPath } from "./durable-files.ts";
import { firstMissing } from "./live-playlist.ts";
import type { ArchiveOrder, CountPictures, Log } from "./ports.ts";
import { archiveFolder, type StreamPaths } from "./stream-paths.ts";

export interface ArchiveParts {
  readonly id: string;
  readonly paths: StreamPaths;
  readonly dataDir: string;
  readonly timeline: Timeline;
  readonly ready: ReadonlySet<number>;
  readonly countPictures: CountPictures;
  readonly log: Log;
  /** Whether another stream has this archive. */
  readonly isTaken: (path: string) => boolean;
}

/**
 * Makes the archive under a `.part` name, proves that it is whole, and only then gives it its
 * name. Returns its path; throws `archive_invalid` or `disk_full`.
 */
export async function makeArchive(parts: ArchiveParts, order: ArchiveOrder): Promise<string> {
  const folder = archiveFolder(parts.dataDir);
  const short = join(folder, archiveFileName(order.title, parts.id));
  // Streams of one title differ in their short ids; should even those meet, the whole id is used.
  const path = parts.isTaken(short) ? join(folder, `${parts.id}.ts`) : short;
  const part = `${path}.part`;
  try {
    await mkdir(folder, { recursive: true });
    await fill(part, parts, order);
    await syncPath(part);
    await rename(part, path);
    await syncPath(folder);
    return path;
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw archiveError(error, path);
  }
}

/** tee's film when it is whole, else the segments: they were checked one by one. */
async function fill(part: string, parts: ArchiveParts, order: ArchiveOrder): Promise<void> {
  if (order.film !== undefined) {
    try {
      await moveFile(order.film, part);
      await verify(part, parts, order.signal);
      return;
    } catch (error) {
      order.signal.throwIfAborted();
      const { message, expected, got } = toUpreelError(error);
      parts.log.warn("the encoder's film is not whole; the archive is made of the segments", {
        message,
        expected,
        got,
      });
    }
  }
  await joinSegments(part, parts, order.signal);
  await verify(part, parts, order.signal);
}

async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    // The archive folder may be a mount of its own.
    if (errnoOf(error) !== "EXDEV") throw error;
    await copyFile(from, to);
    await rm(from);
  }
}

async function joinSegments(
  part: string,
  { paths, timeline, ready }: ArchiveParts,
  signal: AbortSignal,
): Promise<void> {
  const count = segmentCount(timeline);
  const missing = firstMissing(ready, 0);
  if (missing < count) {
    const got = `segment ${missing} missing`;
    throw new UpreelError("archive_invalid", "not all segments are made", {
      expected: `${count} segments`,
      got,
    });
  }
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let k = 0; k < count; k += 1) yield* createReadStream(paths.segment(k));
  }
  await pipeline(chunks, createWriteStream(part), { signal });
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
  const code = errnoOf(thrown);
  if (code !== "ENOSPC" && code !== "EDQUOT") return thrown;
  return new UpreelError("disk_full", `no space to write the archive ${path}`, { cause: thrown });
}
