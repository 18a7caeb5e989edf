import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, lstat, open, opendir, realpath, statfs, type FileHandle } from "node:fs/promises";
import { decodeFileName } from "@upreel/core";
import { diskName } from "./disk-name.ts";
import { MOST_BYTES, type FileLook, type Place } from "./file-calls.ts";

/**
 * File systems that number their files anew as they like (FUSE, SMB): the number of a file says nothing
 * there. Linux's `statfs` names them so.
 */
const WITHOUT_INODES = new Set([0x65735546, 0xff534d42, 0xfe534d42]);

/** Where a path leads and what is there. Rejects as `realpath` does. */
export async function lookAtFile(path: string): Promise<FileLook> {
  const real = decodeFileName(await realpath(diskName(path), { encoding: "buffer" }));
  try {
    // Not `stat`: a link that was put there since then is not followed.
    const found = await lstat(diskName(real), { bigint: true });
    const kind = found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
    if (kind === "file") await access(diskName(real), constants.R_OK);
    const { type } = await statfs(diskName(real));
    return {
      ...{ real, kind, sizeBytes: Number(found.size), modifiedMs: msOf(found.mtimeNs) },
      device: String(found.dev),
      ...(WITHOUT_INODES.has(type) ? {} : { inode: String(found.ino) }),
    };
  } catch (error) {
    return { real, errno: errnoOf(error) };
  }
}

/** Whether there is nothing at all in a folder. */
export const isEmptyFolder = async (path: string): Promise<boolean> => {
  await using folder = await opendir(diskName(path));
  return (await folder.read()) === null;
};

/** Reads some places of a file and gives a digest of what is there. Rejects when one cannot be read. */
export async function readPlaces(path: string, places: readonly Place[]): Promise<string> {
  await using file = await openToRead(path);
  const digest = createHash("sha256");
  for (const { start, length } of places) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
    digest.update(buffer.subarray(0, bytesRead));
  }
  return digest.digest("hex");
}

/** What is at one place of a file. */
export async function readBytes(path: string, { start, length }: Place): Promise<Uint8Array> {
  await using file = await openToRead(path);
  const most = Math.min(length, MOST_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, start);
  return buffer.subarray(0, bytesRead);
}

/** Without O_NONBLOCK a pipe in place of the file would hang. */
const openToRead = (path: string): Promise<FileHandle> => {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  return open(diskName(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
};

/** As `mtimeMs` has it, which ids of streams are made of. */
const msOf = (ns: bigint): number =>
  Number(ns / 1_000_000_000n) * 1000 + Number(ns % 1_000_000_000n) / 1e6;

export const errnoOf = (thrown: unknown): string =>
  thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown);
