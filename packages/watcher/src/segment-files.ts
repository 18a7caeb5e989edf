import { readdir } from "node:fs/promises";
import { errnoOf } from "./durable-files.ts";

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
