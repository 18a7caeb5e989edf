import { once } from "node:events";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { decodeFileName, showFileName, type FolderEntry, type FolderListing } from "@upreel/core";
import { diskName } from "./disk-name.ts";
import { isInside } from "./is-inside.ts";

/** In place of an errno: the folder is a link that leads out of what is open. */
export const OUTSIDE = "OUTSIDE";

/** A season or a music collection; more helps nobody to choose. */
const MOST_ENTRIES = 2000;

/** Ends of names that ffmpeg reads as films; everything else in a folder is beside the point. */
const FILM_ENDS = new Set(
  "3gp asf avi divx dv flv m2ts m2v m4v mkv mov mp4 mpeg mpg mts mxf ogm ogv rm rmvb ts vob webm wmv y4m"
    .split(" ")
    .map((end) => `.${end}`),
);

/** An entry that leads to a disk that does not answer is left out after so long. */
const ENTRIES_MS = 2_000;

/**
 * Folders and films in `folder`, by name. Symlinks count as where they lead, and what leads out of
 * `open` is left out. Throws `source_outside_roots`, `source_missing` or what the disk says.
 */
export async function listFolder(folder: string, open: readonly string[]): Promise<FolderListing> {
  const isOpen = (at: string): boolean => open.some((root) => isInside(root, at));
  const there = decodeFileName(await realpath(diskName(folder), { encoding: "buffer" }));
  if (!isOpen(there)) throw Object.assign(new Error("it leads elsewhere"), { code: OUTSIDE });
  const seen = (await readdir(diskName(there), { encoding: "buffer" }))
    .map(decodeFileName)
    .filter((name) => !name.startsWith("."))
    .toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  const late = AbortSignal.timeout(ENTRIES_MS);
  const tooLate = once(late, "abort").then(() => undefined);
  const looked = await Promise.all(
    seen
      .slice(0, MOST_ENTRIES)
      .map((name) => Promise.race([lookAt(join(folder, name), isOpen), tooLate])),
  );
  const entries = looked.filter((entry) => entry !== undefined);
  const isFilm = ({ kind }: FolderEntry): boolean => kind === "film";
  return {
    path: folder,
    parent: dirname(folder),
    entries: [...entries.filter((entry) => !isFilm(entry)), ...entries.filter(isFilm)],
    is_cut: seen.length > MOST_ENTRIES,
  };
}

async function lookAt(
  path: string,
  isOpen: (path: string) => boolean,
): Promise<FolderEntry | undefined> {
  const name = basename(path);
  const real = await realpath(diskName(path), { encoding: "buffer" }).then(
    decodeFileName,
    () => undefined,
  );
  if (real === undefined || !isOpen(real)) return undefined;
  const found = await stat(diskName(real)).catch(() => undefined);
  const place = { name: showFileName(name), path, ...(real === path ? {} : { real_path: real }) };
  if (found?.isDirectory() === true)
    return { ...place, kind: "folder", size_bytes: null, modified_ms: null };
  if (found?.isFile() !== true || !FILM_ENDS.has(extname(name).toLowerCase())) return undefined;
  return { ...place, kind: "film", size_bytes: found.size, modified_ms: found.mtimeMs };
}
