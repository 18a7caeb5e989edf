import { open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { segmentCount, type Reason, type StreamRecord, type Log } from "@upreel/core";
import { unlinkArchive } from "../archive/archive-links.ts";
import { hasWholeArchive, slicedArchive } from "../records/archive-slices.ts";
import { checkSegment } from "../segments/check-segment.ts";
import { expectSegment } from "../segments/expect-segment.ts";
import { loadRecord } from "../records/record-file.ts";
import { listSegments } from "../segments/segment-files.ts";
import type { StreamPaths } from "../records/stream-paths.ts";
import { PACKET_BYTES, SYNC_BYTE } from "../transport-stream/transport-stream.ts";
import { errnoOf, isThere, makeFolder } from "@upreel/files";

export interface FoundStream {
  readonly record: StreamRecord;
  readonly ready: readonly number[];
  /** The record is not what lies on the disk. */
  readonly isChanged: boolean;
}

/**
 * Takes over what a stopped gateway left in a stream's folder: deletes what runs left, keeps the
 * published segments. Undefined when there is no readable record.
 */
export async function recoverStream(
  paths: StreamPaths,
  id: string,
  log: Log,
): Promise<FoundStream | undefined> {
  await unlessReadOnly(deleteLeftovers(paths), log);
  if (!(await isThere(paths.record))) {
    log.warn("stream folder without a record", { folder: paths.folder });
    return undefined;
  }
  const record = await loadRecord(paths.record, log);
  if (record === undefined) return undefined;
  if (record.id !== id) {
    log.error("stream record lies in the folder of another stream", { folder: paths.folder });
    return undefined;
  }
  await unlessReadOnly(makeFolder(paths.segments), log);
  return record.state === "complete"
    ? await recoverComplete(paths, record, log)
    : { record, ready: await takeOverSegments(paths, record, log), isChanged: false };
}

/**
 * A stream with its archive is complete, whatever lies beside it. If the archive is gone, so are the segments that were
 * slices of it, and the stream rests as `idle` until somebody wants to see the film again.
 */
async function recoverComplete(
  paths: StreamPaths,
  record: StreamRecord,
  log: Log,
): Promise<FoundStream> {
  const { archive, archiveOffsets, ...rest } = record;
  const isWhole = await hasWholeArchive(record);
  const sliced = slicedArchive(record);
  if (isWhole && sliced !== undefined) {
    const ready = sliced.offsets.slice(0, -1).map((_, k) => k);
    return { record, ready, isChanged: false };
  }
  await unlessReadOnly(unlinkArchive(paths), log);
  const ready = await takeOverSegments(paths, record, log);
  if (isWhole && ready.length === timelineCount(record)) {
    return { record, ready, isChanged: false };
  }
  log.warn("the finished film was deleted or changed; a trigger makes it again", { archive });
  // It lists segments that are gone.
  if (ready.length === 0) await unlessReadOnly(rm(paths.live, { force: true }), log);
  const reason: Reason = {
    code: "archive_gone",
    message: "the finished film was deleted or changed; trigger it again",
    expected: archiveOffsets === undefined ? undefined : `${archiveOffsets.at(-1)} bytes`,
  };
  const made = ready.length === 0 ? [] : record.made;
  return { record: { ...rest, made, state: "idle", reason }, ready, isChanged: true };
}

const timelineCount = ({ timeline }: StreamRecord): number =>
  timeline === undefined ? 0 : segmentCount(timeline);

/**
 * If the disk is read-only at the moment, the files that were to be deleted stay, and so does the stream, which goes on when
 * the disk can be written to again. Those files do no harm and are not looked at again before the next start.
 */
async function unlessReadOnly(work: Promise<void>, log: Log): Promise<void> {
  await work.catch((error: unknown) => {
    if (errnoOf(error) !== "EROFS") throw error;
    log.warn("the disk is read-only: what the last gateway left behind is not cleaned up", {
      error,
    });
  });
}

async function deleteLeftovers(paths: StreamPaths): Promise<void> {
  // An encoder of the gateway before may still be writing there.
  await rm(paths.runs, { recursive: true, force: true, maxRetries: 3 });
  await deleteUnfinished(paths.folder);
}

/** Deletes files that were being written under a temporary name when the gateway stopped. */
export async function deleteUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/\.(?:part|tmp)$/.test(name)) await rm(join(folder, name), { force: true });
  }
}

async function takeOverSegments(
  paths: StreamPaths,
  record: StreamRecord,
  log: Log,
): Promise<number[]> {
  const count = timelineCount(record);
  const ready: number[] = [];
  for (const k of await listSegments(paths.segments)) {
    const path = paths.segment(k);
    if (k < count && (await looksWhole(path))) ready.push(k);
    else {
      log.warn("published segment is damaged or belongs to another stream; it is deleted", {
        path,
      });
      await unlessReadOnly(rm(path, { force: true }), log);
    }
  }
  await dropUnknownEnd(paths, record, ready, log);
  return ready;
}

/**
 * The last segment is checked in full: it may be the short end of a truncated source, written just
 * before a stop that kept the record from being told. Then it is made again.
 */
async function dropUnknownEnd(
  paths: StreamPaths,
  { timeline }: StreamRecord,
  ready: number[],
  log: Log,
): Promise<void> {
  const k = ready.at(-1);
  if (timeline === undefined || k === undefined) return;
  const order = { timeline, fromSegment: 0, toSegment: segmentCount(timeline) };
  const expected = expectSegment(order, k, undefined);
  const path = paths.segment(k);
  const problem = expected === undefined ? undefined : checkSegment(await readFile(path), expected);
  if (problem === undefined || problem.isDoubt) return;
  log.warn("last published segment does not fit the timeline; it is deleted", { path, ...problem });
  await unlessReadOnly(rm(path, { force: true }), log);
  ready.pop();
}

/**
 * The segment was checked in full before it was published. This finds what a crash of the machine or a bad disk did to it
 * since, without reading all of it.
 */
async function looksWhole(path: string): Promise<boolean> {
  await using file = await open(path, "r");
  const { size } = await file.stat();
  if (size === 0 || size % PACKET_BYTES !== 0) return false;
  const byte = new Uint8Array(1);
  for (const at of [0, size - PACKET_BYTES]) {
    await file.read(byte, 0, 1, at);
    if (byte[0] !== SYNC_BYTE) return false;
  }
  return true;
}
