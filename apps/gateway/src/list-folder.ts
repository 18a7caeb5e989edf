import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, normalize } from "node:path";
import { UpreelError, type FolderEntry, type FolderListing } from "@upreel/core";
import { isInside, resolveRoot } from "./source-file.ts";

/** A season or a music collection; more helps nobody to choose. */
const MOST_ENTRIES = 2000;

/** Ends of names that ffmpeg reads as films; everything else in a folder is beside the point. */
const FILM_ENDS = new Set(
  "3gp asf avi divx dv flv m2ts m2v m4v mkv mov mp4 mpeg mpg mts mxf ogm ogv rm rmvb ts vob webm wmv y4m"
    .split(" ")
    .map((end) => `.${end}`),
);

/**
 * Folders and films in `path`, by name; without a path, the roots. Symlinks count as where they lead,
 * and what leads out of the roots is left out. Throws `source_outside_roots` or `source_missing`.
 */
export async function listFolder(
  path: string | undefined,
  roots: readonly string[],
): Promise<FolderListing> {
  if (path === undefined) return listRoots(roots);
  const folder = normalize(path).replace(/(.)\/+$/, "$1");
  const real = (await Promise.all(roots.map(resolveRoot))).flat();
  const isOpen = (at: string): boolean => real.some((root) => isInside(root, at));
  if (!isAbsolute(folder) || path.includes("\0") || !isOpen(folder)) throw outside(path, roots);
  const there = await realpath(folder).catch(() => undefined);
  if (there === undefined)
    throw new UpreelError("source_missing", `no such folder: ${folder}`, {
      expected: "a folder that exists on the gateway's machine",
    });
  if (!isOpen(there)) throw outside(path, roots);
  const names = await readdir(there).catch((cause: unknown) => {
    throw new UpreelError("source_unreadable", `cannot read ${folder}`, {
      expected: "a folder that the gateway's user may read",
      cause,
    });
  });
  const seen = names
    .filter((name) => !name.startsWith("."))
    .toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  const looked = await Promise.all(
    seen.slice(0, MOST_ENTRIES).map((name) => lookAt(join(folder, name), isOpen)),
  );
  const entries = looked.filter((entry) => entry !== undefined);
  const isFilm = ({ kind }: FolderEntry): boolean => kind === "film";
  return {
    path: folder,
    parent: roots.some((root) => normalize(root) === folder) ? null : dirname(folder),
    entries: [...entries.filter((entry) => !isFilm(entry)), ...entries.filter(isFilm)],
    is_cut: seen.length > MOST_ENTRIES,
  };
}

const listRoots = (roots: readonly string[]): FolderListing => ({
  path: null,
  parent: undefined,
  entries: roots.map((path) => ({ name: path, path, kind: "folder", size_bytes: null })),
  is_cut: false,
});

async function lookAt(
  path: string,
  isOpen: (path: string) => boolean,
): Promise<FolderEntry | undefined> {
  const name = basename(path);
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined || !isOpen(real)) return undefined;
  const found = await stat(real).catch(() => undefined);
  if (found?.isDirectory() === true) return { name, path, kind: "folder", size_bytes: null };
  if (found?.isFile() !== true || !FILM_ENDS.has(extname(name).toLowerCase())) return undefined;
  return { name, path, kind: "film", size_bytes: found.size };
}

const outside = (path: string, roots: readonly string[]): UpreelError =>
  new UpreelError(
    "source_outside_roots",
    `the folder is outside those that are open to Upreel: ${path.slice(0, 200)}`,
    { expected: `a folder inside ${roots.join(" or ")} (MEDIA_ROOTS)` },
  );
