import { stat } from "node:fs/promises";
import { UpreelError, type SegmentLocation } from "@upreel/core";
import { sliceOf, type SlicedArchive } from "../records/archive-slices.ts";
import { errnoOf } from "@upreel/files";

/** Where segment `k` lies. `archive` is asked again after its file was found to be gone. */
export async function locateSegment(
  k: number,
  file: string,
  archive: () => SlicedArchive | undefined,
): Promise<SegmentLocation> {
  const found = archive() === undefined ? await locateFile(file) : undefined;
  if (found !== undefined) return found;
  const sliced = archive();
  if (sliced === undefined) {
    throw new UpreelError("segment_not_found", `the file of segment ${k} is gone`);
  }
  return await locateSlice(sliced, k);
}

async function locateFile(path: string): Promise<SegmentLocation | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { path, start: 0, length: size, modifiedMs: mtimeMs };
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function locateSlice({ path, offsets }: SlicedArchive, k: number): Promise<SegmentLocation> {
  const slice = sliceOf(offsets, k);
  const found = await stat(path).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (slice === undefined || found === undefined || found.size !== offsets.at(-1)) {
    throw new UpreelError("archive_gone", "the finished film was deleted; trigger it again", {
      expected: `a film of ${offsets.at(-1) ?? 0} bytes`,
      got: found === undefined ? "none" : `${found.size} bytes`,
    });
  }
  return { path, ...slice, modifiedMs: found.mtimeMs };
}
