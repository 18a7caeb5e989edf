import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, rename, rm, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UpreelError } from "@upreel/core";
import { diskName } from "./disk-name.ts";

/** A file that gets its name when it is complete, in a folder where others may write, too. */
export interface NewFile extends AsyncDisposable {
  /** Where other processes write it: the open file itself, whatever becomes of its name meanwhile. */
  readonly writePath: string;
  readonly handle: FileHandle;
  /** On the disk under its final name, in place of what had it, when it settles. */
  publish(): Promise<void>;
}

/** Of a UUID and `.part`. */
const PART_END = 36 + 5;
const PART = /^\..+\.[0-9a-f-]{36}\.part$/;

/** A name that nobody can have put a link under beforehand; Jellyfin leaves it alone. */
export const newPartPath = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);

export const isPartPath = (path: string): boolean => PART.test(basename(path));

/** Whether `part` is a `newPartPath` of this path. */
export const isPartOf = (part: string, path: string): boolean =>
  isPartPath(part) &&
  dirname(part) === dirname(path) &&
  basename(part).slice(1, -".".length - PART_END) === basename(path);

/**
 * Creates `part`, which must not exist, for what will be `path`. A link in its place is not followed: not
 * when it is created (O_EXCL, O_NOFOLLOW), not while it is written (by its handle), and not when it is
 * published. Disposing closes it and deletes what was not published.
 */
export async function createNewFile(path: string, part = newPartPath(path)): Promise<NewFile> {
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const handle = await open(diskName(part), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
  let isPublished = false;
  return {
    handle,
    writePath: process.platform === "linux" ? `/proc/${process.pid}/fd/${handle.fd}` : part,
    async publish() {
      await handle.sync();
      const [named, written] = await Promise.all([lstat(diskName(part)), handle.stat()]);
      if (named.ino !== written.ino || named.dev !== written.dev) {
        throw new UpreelError("internal", `${part} was replaced while it was being written`, {
          expected: "the file that was begun",
          got: "another one under its name",
        });
      }
      await rename(diskName(part), diskName(path));
      isPublished = true;
      await using folder = await open(diskName(dirname(path)), "r");
      await folder.sync();
    },
    async [Symbol.asyncDispose]() {
      await handle.close();
      if (!isPublished) await rm(diskName(part), { force: true }).catch(() => undefined);
    },
  };
}

/** Writes a whole file at once, as `createNewFile` does. */
export async function writeNewFile(path: string, text: string): Promise<void> {
  await using file = await createNewFile(path);
  await file.handle.writeFile(text);
  await file.publish();
}
