import { dirname, isAbsolute, normalize } from "node:path";
import {
  UpreelError,
  requireSameFile,
  sourceChanged,
  type FileIdentity,
  type FolderListing,
  type SourceFinder,
} from "@upreel/core";
import type { FileBeside, FileCalls, FileLook, Place } from "./file-calls.ts";
import { createRoots } from "./roots.ts";
import { OUTSIDE } from "./list-folder.ts";
import { errnoOf } from "./look-at-file.ts";
import { goneNow, noDisk, outsideRoots, unreachable } from "./source-errors.ts";

/** Films on disks that may hang, stumble, or hold something else from one moment to the next. */
export interface MediaFiles extends SourceFinder {
  /**
   * Finds the file of a trigger and what it is before any probing; the only touch of the disk that a
   * trigger waits for. The path must be inside one of `roots` after symlinks are resolved. Throws
   * `source_outside_roots`, `source_missing`, `source_not_a_file`, `source_unreadable`, or
   * `source_unavailable` when its disk does not answer.
   */
  readonly locate: (path: string, roots: readonly string[]) => Promise<FileIdentity>;
  /** Folders and films in a folder; without a path, the roots. Throws as `locate`. */
  readonly list: (path: string | undefined, roots: readonly string[]) => Promise<FolderListing>;
  /** What lies now where the file was located. Throws `source_changed` for a link, and as `locate`. */
  readonly lookAgain: (file: FileIdentity) => Promise<FileIdentity>;
  /**
   * Reads here and there in the first `sizeBytes` of the file and gives a digest of what is there. Throws
   * `source_unavailable` when that fails.
   */
  readonly tryToRead: (file: FileIdentity) => Promise<string>;
  /** What is at one place of the file; less than was asked for where it ends before. Throws as `locate`. */
  readonly readBytes: (file: FileIdentity, place: Place) => Promise<Uint8Array>;
  /** Plain files beside a film that are named after it. Throws as `locate`. */
  readonly beside: (film: FileIdentity) => Promise<readonly FileBeside[]>;
  /** A file of text beside a film: in UTF-8, in UTF-16 that says so, or else in `charset`. Throws as `locate`. */
  readonly readText: (path: string, charset: string) => Promise<string>;
  /**
   * What `work` makes of the file, if that was the one that was located from its beginning to its end.
   * Throws `source_changed`, as `lookAgain`, or what `work` throws.
   */
  readonly use: <T>(file: FileIdentity, work: () => Promise<T>) => Promise<T>;
}

/** A file is tried out evenly from its beginning to its end, and no further. */
const TRIED_PLACES = 8;
const TRIED_BYTES = 4096;

function triedPlaces(sizeBytes: number): Place[] {
  const length = Math.min(TRIED_BYTES, sizeBytes);
  if (length === 0) return [];
  return Array.from({ length: TRIED_PLACES }, (_, n) => ({
    start: Math.floor(((sizeBytes - length) * n) / (TRIED_PLACES - 1)),
    length,
  }));
}

export function createMediaFiles(calls: FileCalls): MediaFiles {
  const roots = createRoots(calls);
  const look = (path: string): Promise<FileLook> =>
    calls.look(path).catch((cause: unknown) => {
      throw unreachable(path, cause);
    });

  async function locate(path: string, open: readonly string[]): Promise<FileIdentity> {
    requireAbsolute(path);
    if (open.length === 0) throw noRoots(path);
    // Judged before the disk is asked, so that an answer never tells which files exist outside the roots.
    if (!(await roots.hold(open, normalize(path)))) throw outsideRoots(path, open);
    const found = await look(path);
    if (!(await roots.hold(open, found.real))) throw outsideRoots(path, open);
    return identityOf(path, found);
  }

  async function lookAgain(file: FileIdentity): Promise<FileIdentity> {
    const found = await look(file.path).catch(async (thrown: unknown) => {
      await requireDisk(file.path);
      throw goneNow(file.path, thrown);
    });
    if (found.real !== file.path) throw sourceChanged(file.path, "a link to another place");
    return identityOf(file.path, found);
  }

  async function check(file: FileIdentity): Promise<void> {
    requireSameFile(file, await lookAgain(file));
  }

  /** A folder that is there and empty is one whose disk is not mounted: the file may come back. */
  async function requireDisk(path: string): Promise<void> {
    let folder = dirname(path);
    for (; folder !== dirname(folder); folder = dirname(folder)) {
      const isEmpty = await calls.isEmpty(folder).catch(() => undefined);
      if (isEmpty === undefined) continue;
      if (!isEmpty) return;
      throw noDisk(path, folder);
    }
  }

  return {
    locate,
    async list(path, open) {
      if (path === undefined) return listRoots(open);
      const folder = normalize(path).replace(/(.)\/+$/, "$1");
      const isOpen = isAbsolute(folder) && !path.includes("\0");
      if (!isOpen || !(await roots.hold(open, folder))) throw outsideFolder(path, open);
      const listing = await calls.list(folder, await roots.places(open)).catch((cause: unknown) => {
        throw errnoOf(cause) === OUTSIDE ? outsideFolder(path, open) : unreachable(folder, cause);
      });
      const isRoot = open.some((root) => normalize(root) === folder);
      return { ...listing, parent: isRoot ? null : listing.parent };
    },
    lookAgain,
    // Found when it was triggered, on this machine; whoever reads it asks whether it is still the same.
    findSource: async (source) => source,
    async tryToRead({ path, sizeBytes }) {
      return calls.read(path, triedPlaces(sizeBytes)).catch((cause: unknown) => {
        throw unreachable(path, cause);
      });
    },
    readBytes: ({ path }, place) =>
      calls.bytes(path, place).catch((cause: unknown) => {
        throw unreachable(path, cause);
      }),
    beside: ({ path }) =>
      calls.beside(path).catch((cause: unknown) => {
        throw unreachable(path, cause);
      }),
    readText: (path, charset) =>
      calls.readText(path, charset).catch((cause: unknown) => {
        throw unreachable(path, cause);
      }),
    async use(file, work) {
      await check(file);
      const outcome = await work().catch(async (thrown: unknown) => {
        // What became of the file explains better why it failed.
        await check(file);
        throw thrown;
      });
      await check(file);
      return outcome;
    },
  };
}

function requireAbsolute(path: string): void {
  if (isAbsolute(path) && !path.includes("\0")) return;
  throw new UpreelError("bad_request", "the path of the film must be absolute", {
    expected: "a path that starts with /",
    got: JSON.stringify(path.slice(0, 200)),
  });
}

const noRoots = (path: string): UpreelError =>
  new UpreelError(
    "source_outside_roots",
    "no film folder is set: start Upreel with MEDIA_ROOTS=/path/to/films (separate several with `:`)",
    { expected: "a file inside MEDIA_ROOTS", got: path },
  );

function identityOf(path: string, found: FileLook): FileIdentity {
  if ("errno" in found) throw unreachable(path, { code: found.errno });
  const { real, kind, sizeBytes, modifiedMs, device, inode } = found;
  if (kind === "file") {
    return { path: real, sizeBytes, modifiedMs, ...(inode === undefined ? {} : { device, inode }) };
  }
  throw new UpreelError("source_not_a_file", `not a file: ${path}`, {
    expected: "a media file",
    got: kind === "folder" ? "a folder" : "a device, socket or pipe",
  });
}

const listRoots = (roots: readonly string[]): FolderListing => ({
  path: null,
  parent: undefined,
  entries: roots.map((path) => ({
    name: path,
    path,
    kind: "folder",
    size_bytes: null,
    modified_ms: null,
  })),
  is_cut: false,
});

const outsideFolder = (path: string, roots: readonly string[]): UpreelError =>
  new UpreelError(
    "source_outside_roots",
    `the folder is not in one of the film folders (MEDIA_ROOTS): ${path.slice(0, 200)}`,
    { expected: `a folder inside ${roots.join(" or ")} (MEDIA_ROOTS)` },
  );
