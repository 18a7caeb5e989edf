import { constants } from "node:fs";
import { access, mkdir, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { UpreelError } from "@upreel/core";

/**
 * Makes the folder of a run, and the one that runs are in. One by one: of a path on a read-only disk
 * Node's `recursive` says that it does not exist. Throws what the disk says (EROFS, ENOSPC).
 */
export async function makeRunFolder(folder: string): Promise<void> {
  for (const path of [dirname(folder), folder]) {
    await mkdir(path).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
  }
}

/** Less room than this, and ffmpeg's failed write was for want of room: it does not always say so. */
const FULL_BELOW_BYTES = 1024 * 1024;

/**
 * Why nothing can be written in `folder`, if its disk is the reason; `said`: the words of whoever tried.
 * Undefined, too, where nobody can tell, for example because the stream was removed.
 */
export async function diskTrouble(folder: string, said: string): Promise<UpreelError | undefined> {
  const isReadOnly =
    said.includes("Read-only file system") ||
    (await access(folder, constants.W_OK).then(
      () => false,
      (error: unknown) => codeOf(error) === "EROFS",
    ));
  if (isReadOnly) return new UpreelError("disk_read_only", `The disk is read-only: ${folder}`);
  const isFull = await statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize < FULL_BELOW_BYTES,
    () => false,
  );
  return isFull ? new UpreelError("disk_full", `The disk is full: ${folder}`) : undefined;
}

const codeOf = (thrown: unknown): unknown =>
  thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
