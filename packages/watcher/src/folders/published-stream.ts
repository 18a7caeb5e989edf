import { readdir } from "node:fs/promises";
import type { SegmentLocation, StreamRecord } from "@upreel/core";
import { slicedArchive } from "../records/archive-slices.ts";
import { locateSegment } from "../archive/locate-segment.ts";
import { recordsOnDisk } from "../records/disk-records.ts";
import { streamPaths, streamsFolder } from "../records/stream-paths.ts";
import { readWantedMs } from "../records/wanted-mark.ts";

/** What is made of a stream, to be read by a gateway that does not own it. */
export interface PublishedStream {
  readonly record: StreamRecord;
  /** Throws `segment_not_found` or `archive_gone`. */
  locate(k: number): Promise<SegmentLocation>;
}

/** The file of segment `k`, while it has one of its own. */
export const segmentFile = (
  dataDir: string,
  id: string,
  k: number,
): Promise<SegmentLocation | undefined> =>
  locateSegment(k, streamPaths(dataDir, id).segment(k), () => undefined).catch(() => undefined);

/** Undefined where there is no such stream, or its record cannot be read. */
export async function publishedStream(
  dataDir: string,
  id: string,
): Promise<PublishedStream | undefined> {
  const record = await recordsOnDisk(dataDir)
    .read(id)
    .catch(() => undefined);
  if (record === undefined) return undefined;
  const sliced = slicedArchive(record);
  const paths = streamPaths(dataDir, id);
  return { record, locate: (k) => locateSegment(k, paths.segment(k), () => sliced) };
}

/** All finished films in the data folder that are not known here, whichever gateway owns them, and when they were last wanted. */
export async function finishedBeside(dataDir: string, known: ReadonlySet<string>) {
  const found: {
    readonly record: StreamRecord & { readonly archive: string };
    readonly wantedAtMs: number | undefined;
  }[] = [];
  for (const record of await recordsBeside(dataDir, known)) {
    const { archive, id } = record;
    if (record.state !== "complete" || archive === undefined) continue;
    const wantedAtMs = await readWantedMs(streamPaths(dataDir, id).wanted).catch(() => undefined);
    found.push({ record: { ...record, archive }, wantedAtMs });
  }
  return found;
}

/** The records of all streams in the data folder that are not known here, whichever gateway owns them. */
export async function recordsBeside(
  dataDir: string,
  known: ReadonlySet<string>,
): Promise<readonly StreamRecord[]> {
  const records: StreamRecord[] = [];
  // One after the other, because somebody may be waiting for another file.
  for (const id of await readdir(streamsFolder(dataDir)).catch(() => [])) {
    const record = known.has(id)
      ? undefined
      : await recordsOnDisk(dataDir)
          .read(id)
          .catch(() => undefined);
    if (record?.id === id) records.push(record);
  }
  return records;
}
