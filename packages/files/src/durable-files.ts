import { access, link, mkdir, open, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { diskName } from "./disk-name.ts";

/** The code of a file system error (`ENOENT`), undefined for anything else. */
export function errnoOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string"
    ? thrown.code
    : undefined;
}

/**
 * Makes `path` and the folders above it. Node's own `recursive` says ENOENT where a disk can only be
 * read, and tries for ever where a folder that is there says ENOENT to a new one, as /proc does.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await access(diskName(path));
    return;
  } catch {
    if (dirname(path) !== path) await makeFolder(dirname(path));
  }
  await mkdir(diskName(path)).catch((error: unknown) => {
    // Somebody else was quicker.
    if (errnoOf(error) !== "EEXIST") throw error;
  });
}

/** Flushes a file, or the names in a folder, to the disk. */
export async function syncPath(path: string): Promise<void> {
  await using handle = await open(path, "r");
  await handle.sync();
}

/** Gives a file that is complete its final name, in place of what had it; on the disk when it returns. */
export async function publishFile(part: string, path: string): Promise<void> {
  await syncPath(part);
  await rename(part, path);
  await syncPath(dirname(path));
}

const LINK_UNSUPPORTED = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/**
 * Gives the file `from` the name `to` unless that is taken; false when it was. Both are on one
 * file system. `link` fails where `rename` would overwrite; where a file system has no links, a
 * look before the rename must do (this process is the only one that writes there).
 */
export async function renameNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    const code = errnoOf(error);
    if (code === "EEXIST") return false;
    if (code === undefined || !LINK_UNSUPPORTED.has(code)) throw error;
    if (await isThere(to)) return false;
    await rename(from, to);
    return true;
  }
  await rm(from);
  return true;
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** How a file that is replaced is kept. */
export interface HowKept {
  /** On the disk when it is written, also where the machine stops in the next moment. */
  readonly isDurable: boolean;
  /** Permissions of a new file; by default those that everybody's have. */
  readonly mode?: number;
}

/** Replaces `path` in one step: readers see what it held before or `content`, never a part. */
export async function replaceFile(
  path: string,
  content: string | Uint8Array | Iterable<string>,
  { isDurable, mode }: HowKept,
): Promise<void> {
  const temporary = `${path}.tmp`;
  await writeFile(temporary, content, {
    flush: isDurable,
    ...(mode === undefined ? {} : { mode }),
  });
  await rename(temporary, path);
  if (isDurable) await syncPath(dirname(path));
}

/** The file system of `folder`: all that it holds, and what this process may still write on it. */
export async function diskSpace(
  folder: string,
): Promise<{ readonly totalBytes: number; readonly freeBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
}

/** Bytes that this process may still write on the file system of `folder`. */
export const freeBytes = async (folder: string): Promise<number> =>
  (await diskSpace(folder)).freeBytes;
