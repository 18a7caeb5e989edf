import { folderListingSchema, type FolderListing } from "@upreel/core";
import { z } from "zod";

/** Bytes of a file. */
const placeSchema = z.object({ start: z.int().nonnegative(), length: z.int().positive() });
export type Place = z.infer<typeof placeSchema>;

/** Asked for at once: they go through a channel between two processes. */
export const MOST_BYTES = 1024 * 1024;

/** Where a path leads, and what is there or why nobody can tell. */
const fileLookSchema = z.union([
  z.object({ real: z.string(), errno: z.string() }),
  z.object({
    real: z.string(),
    kind: z.enum(["file", "folder", "other"]),
    sizeBytes: z.int().nonnegative(),
    modifiedMs: z.number(),
    device: z.string(),
    inode: z.string().optional(),
  }),
]);
export type FileLook = z.infer<typeof fileLookSchema>;

/** A file in the folder of a film whose name begins like the film's. */
const fileBesideSchema = z.object({
  name: z.string(),
  sizeBytes: z.int().nonnegative(),
  modifiedMs: z.number(),
});
export type FileBeside = z.infer<typeof fileBesideSchema>;

/** Everything that Upreel itself asks of disks with media; each may take for ever. */
export interface FileCalls {
  /** Rejects with an error whose `code` is that of `realpath`. */
  readonly look: (path: string) => Promise<FileLook>;
  /** What is in a folder; entries that lead out of `open` are left out. */
  readonly list: (folder: string, open: readonly string[]) => Promise<FolderListing>;
  /** Whether there is nothing at all in a folder. */
  readonly isEmpty: (folder: string) => Promise<boolean>;
  /** Gives a digest of what is there, when all of it could be read. */
  readonly read: (path: string, places: readonly Place[]) => Promise<string>;
  /** What is at one place, at most `MOST_BYTES`; less where the file ends before. */
  readonly bytes: (path: string, place: Place) => Promise<Uint8Array>;
  /** Plain files beside a film that are named after it. */
  readonly beside: (film: string) => Promise<readonly FileBeside[]>;
  /** A file of text: in UTF-8, in UTF-16 that says so, or else in `charset`, as the WHATWG calls it. */
  readonly readText: (path: string, charset: string) => Promise<string>;
}

/** Calls that are told in one message: they are made a few at a time, and answered in one. */
export const fileRequestsSchema = z.array(
  z.object({
    id: z.int(),
    call: z.discriminatedUnion("name", [
      z.object({ name: z.literal("look"), path: z.string() }),
      z.object({ name: z.literal("list"), path: z.string(), open: z.array(z.string()) }),
      z.object({ name: z.literal("isEmpty"), path: z.string() }),
      z.object({ name: z.literal("read"), path: z.string(), places: z.array(placeSchema) }),
      z.object({ name: z.literal("bytes"), path: z.string(), place: placeSchema }),
      z.object({ name: z.literal("beside"), path: z.string() }),
      z.object({ name: z.literal("readText"), path: z.string(), charset: z.string() }),
    ]),
  }),
);
export type FileRequests = z.infer<typeof fileRequestsSchema>;
export type FileCall = FileRequests[number]["call"];

export const fileAnswersSchema = z.array(
  z.object({
    id: z.int(),
    answer: z.discriminatedUnion("name", [
      /** The first one, with the id 0: it takes calls from now on. */
      z.object({ name: z.literal("ready") }),
      z.object({ name: z.literal("look"), look: fileLookSchema }),
      z.object({ name: z.literal("list"), listing: folderListingSchema }),
      z.object({ name: z.literal("isEmpty"), isEmpty: z.boolean() }),
      z.object({ name: z.literal("read"), digest: z.string() }),
      z.object({ name: z.literal("bytes"), base64: z.string() }),
      z.object({ name: z.literal("beside"), files: z.array(fileBesideSchema) }),
      z.object({ name: z.literal("readText"), text: z.string() }),
      z.object({ name: z.literal("failed"), errno: z.string(), message: z.string() }),
    ]),
  }),
);
export type FileAnswers = z.infer<typeof fileAnswersSchema>;
export type FileAnswer = FileAnswers[number]["answer"];
