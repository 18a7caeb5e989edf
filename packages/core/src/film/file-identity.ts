import { z } from "zod";
import { UpreelError } from "../errors.ts";

/** What is known of a file before it is probed. */
export const fileIdentitySchema = z.object({
  /** After realpath. */
  path: z.string(),
  sizeBytes: z.int().nonnegative(),
  modifiedMs: z.number(),
  /** Numbers of the file system and of the file on it, where they stay the same as long as the file does. */
  device: z.string().optional(),
  inode: z.string().optional(),
  /** It is being written, or may be: it is the same file when it has more bytes than these. */
  mayGrow: z.boolean().optional(),
});
export type FileIdentity = z.infer<typeof fileIdentitySchema>;

/**
 * Whether `now` is the file `before` with the same content, or with more of it where that one may grow,
 * as far as that can be told without reading it. A device gets another number when it is mounted again:
 * inodes are compared on one device alone.
 */
export function isSameFile(before: FileIdentity, now: FileIdentity): boolean {
  if (before.path !== now.path) return false;
  if (isOnOneDevice(before, now) && before.inode !== now.inode) return false;
  const longer = now.sizeBytes - before.sizeBytes;
  const later = Math.trunc(now.modifiedMs) - Math.trunc(before.modifiedMs);
  return before.mayGrow === true ? longer >= 0 && later >= 0 : longer === 0 && later === 0;
}

/**
 * Whether `now` may be the file `before` with more at its end, for all that can be told without reading
 * it: what it says of itself does not tell it from another, longer one that was written into its place.
 */
export const isOnlyLonger = (before: FileIdentity, now: FileIdentity): boolean =>
  now.sizeBytes > before.sizeBytes && isSameFile({ ...before, mayGrow: true }, now);

/** The file as it is now, which is not expected to change. */
export function settledFile<File extends FileIdentity>(file: File): Omit<File, "mayGrow"> {
  const { mayGrow: _, ...settled } = file;
  return settled;
}

/**
 * Throws `source_changed` where `now` is not the file that was triggered, and `source_growing` where it
 * seems to be that one with more at its end.
 */
export function requireSameFile(before: FileIdentity, now: FileIdentity): void {
  if (isSameFile(before, now)) return;
  if (!isOnlyLonger(before, now)) throw sourceChanged(before.path, difference(before, now));
  throw new UpreelError("source_growing", `${before.path} has grown`, {
    expected: "the file as it was when it was planned",
    got: `${now.sizeBytes - before.sizeBytes} bytes more; the film is planned anew by itself`,
  });
}

export const sourceChanged = (path: string, got: string): UpreelError =>
  new UpreelError(
    "source_changed",
    `${path} has changed since this film was started; start it again`,
    { expected: "the file as it was when it was started", got },
  );

function difference(before: FileIdentity, now: FileIdentity): string {
  if (before.path !== now.path) return "a link to another place";
  if (before.sizeBytes !== now.sizeBytes)
    return `${now.sizeBytes} bytes in place of ${before.sizeBytes}`;
  return Math.trunc(before.modifiedMs) === Math.trunc(now.modifiedMs)
    ? "another file of the same size and time"
    : `one that was changed at ${new Date(now.modifiedMs).toISOString()}`;
}

const isOnOneDevice = (a: FileIdentity, b: FileIdentity): boolean =>
  a.device !== undefined && a.device === b.device && a.inode !== undefined && b.inode !== undefined;
