import { readdir, rm } from "node:fs/promises";
import { toUpreelError, type Log } from "@upreel/core";
import { errnoOf } from "@upreel/files";
import type { StreamPaths } from "../records/stream-paths.ts";

const SEGMENT_FILE = /^(\d{6,})\.ts$/;

/** The segment that a file name stands for; undefined for any other name. */
function segmentOfFileName(name: string): number | undefined {
  const digits = SEGMENT_FILE.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Segments that lie in `folder` under a final name, in order; none when there is no folder. */
export async function listSegments(folder: string): Promise<number[]> {
  try {
    const names = await readdir(folder);
    return names
      .map(segmentOfFileName)
      .filter((k) => k !== undefined)
      .toSorted((a, b) => a - b);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}

/**
 * Deletes the files of segments that an archive holds. Files that cannot be deleted now are deleted at the next start;
 * those that somebody is reading can be read to their end.
 */
export async function deleteSegments(paths: StreamPaths, log: Log): Promise<void> {
  try {
    for (const k of await listSegments(paths.segments)) {
      await rm(paths.segment(k), { force: true });
    }
  } catch (error) {
    const { message } = toUpreelError(error);
    log.warn("cannot delete segments that are archived", { folder: paths.segments, message });
  }
}
