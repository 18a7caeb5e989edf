import { rename, rm } from "node:fs/promises";
import type { StreamRecord } from "@upreel/core";
import { isThere } from "@upreel/files";
import type { DiskRecords } from "../records/disk-records.ts";
import { bytesBelow } from "../folder-bytes.ts";
import type { StreamPaths } from "../records/stream-paths.ts";

/** Deletes a stream to which nothing is written any more, with its archive. Returns the bytes freed. */
export async function removeStream(
  paths: StreamPaths,
  records: DiskRecords,
  { id, archive }: Pick<StreamRecord, "id" | "archive">,
): Promise<number> {
  await records.forgetBegun(id);
  let bytes = await bytesBelow(paths.folder);
  // One rename ends the stream; a crash after it leaves nothing that looks like one.
  const removed = `${paths.folder}.removed`;
  await rm(removed, { recursive: true, force: true });
  if (await isThere(paths.folder)) await rename(paths.folder, removed);
  records.forget(id);
  if (archive !== undefined) {
    bytes += await bytesBelow(archive);
    await rm(archive, { force: true });
  }
  await rm(removed, { recursive: true, force: true, maxRetries: 3 });
  return bytes;
}
