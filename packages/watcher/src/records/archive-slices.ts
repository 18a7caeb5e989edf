import { stat } from "node:fs/promises";
import { segmentCount, type StreamRecord } from "@upreel/core";
import { errnoOf } from "@upreel/files";

/** An archive that is known to hold each segment as a slice of its own. */
export interface SlicedArchive {
  readonly path: string;
  /** Where each slice begins, and where the last one ends: one more than there are segments. */
  readonly offsets: readonly number[];
}

/** Where segment `k` lies in an archive. */
export function sliceOf(
  offsets: readonly number[],
  k: number,
): { readonly start: number; readonly length: number } | undefined {
  const start = offsets[k];
  const end = offsets[k + 1];
  return start === undefined || end === undefined ? undefined : { start, length: end - start };
}

/** The archive that the segments of a complete stream are slices of; undefined: they are files. */
export function slicedArchive(record: StreamRecord): SlicedArchive | undefined {
  const { state, archive, archiveOffsets, timeline } = record;
  if (state !== "complete" || archive === undefined || archiveOffsets === undefined) {
    return undefined;
  }
  if (timeline === undefined || archiveOffsets.length !== segmentCount(timeline) + 1) {
    return undefined;
  }
  return { path: archive, offsets: archiveOffsets };
}

/**
 * Whether the archive that a record tells of is there. It was verified when it was made; its length
 * tells whether somebody has put another file in its place since.
 */
export async function hasWholeArchive(record: StreamRecord): Promise<boolean> {
  const { archive, archiveOffsets } = record;
  if (archive === undefined) return false;
  try {
    const found = await stat(archive);
    return found.isFile() && (archiveOffsets === undefined || found.size === archiveOffsets.at(-1));
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") return false;
    throw error;
  }
}
