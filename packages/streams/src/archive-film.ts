import type { StreamFolder } from "./ports.ts";
import type { RecordKeeper } from "./record-keeper.ts";

/** Joins what is made; the path of the archive. After it the record on the disk is complete. */
export async function archiveFilm(
  record: RecordKeeper,
  folder: StreamFolder,
  signal: AbortSignal,
): Promise<string> {
  const { path, offsets } = await folder.makeArchive({ title: record.now.title, signal });
  // One save that may fail: only a record on the disk makes the segments' own files superfluous.
  await record.save({
    state: "complete",
    archive: path,
    ...(offsets === undefined ? {} : { archiveOffsets: [...offsets] }),
  });
  return path;
}
