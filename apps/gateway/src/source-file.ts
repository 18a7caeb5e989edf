import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { isAbsolute, normalize, relative, sep } from "node:path";
import { UpreelError, type FileIdentity } from "@upreel/core";

/** True when `path` is `folder` or in it; both absolute and normalized. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * Finds the file of a trigger and what it is before any probing; the only touch of the disk that a
 * trigger waits for. The path must be inside one of `roots` after symlinks are resolved. Throws
 * `source_outside_roots`, `source_missing`, `source_not_a_file` or `source_unreadable`.
 */
export async function locateSource(path: string, roots: readonly string[]): Promise<FileIdentity> {
  if (!isAbsolute(path) || path.includes("\0"))
    throw new UpreelError("bad_request", "the path of the film must be absolute", {
      expected: "a path that starts with /",
      got: JSON.stringify(path.slice(0, 200)),
    });
  if (roots.length === 0)
    throw new UpreelError(
      "source_outside_roots",
      "no folder is open to Upreel: start it with MEDIA_ROOTS=/path/to/films (several are separated by `:`)",
      { expected: "a file inside MEDIA_ROOTS", got: path },
    );
  const realRoots = (await Promise.all(roots.map(resolveRoot))).flat();
  // Judged before the disk is asked, so that an answer never tells which files exist outside the roots.
  if (!realRoots.some((root) => isInside(root, normalize(path)))) throw outsideRoots(path, roots);

  const real = await realpath(path).catch((cause: unknown) => {
    throw unreachable(path, cause);
  });
  if (!realRoots.some((root) => isInside(root, real))) throw outsideRoots(path, roots);
  const found = await stat(real).catch((cause: unknown) => {
    throw unreachable(path, cause);
  });
  if (!found.isFile())
    throw new UpreelError("source_not_a_file", `not a file: ${path}`, {
      expected: "a media file",
      got: found.isDirectory() ? "a folder" : "a device, socket or pipe",
    });
  await access(real, constants.R_OK).catch((cause: unknown) => {
    throw unreachable(path, cause);
  });
  return { path: real, sizeBytes: found.size, modifiedMs: found.mtimeMs };
}

/** A root as it was given and where it really is; one that does not exist (an unmounted disk) stays as given. */
export async function resolveRoot(root: string): Promise<string[]> {
  const given = normalize(root);
  return [given, await realpath(given).catch(() => given)];
}

const outsideRoots = (path: string, roots: readonly string[]): UpreelError =>
  new UpreelError(
    "source_outside_roots",
    `the file is outside the folders that are open to Upreel: ${path}`,
    {
      expected: `a file inside ${roots.join(" or ")} (MEDIA_ROOTS)`,
      got: path,
    },
  );

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown);

function unreachable(path: string, cause: unknown): UpreelError {
  const code = codeOf(cause);
  if (["ENOENT", "ENOTDIR", "ENAMETOOLONG"].includes(code))
    return new UpreelError("source_missing", `no such file: ${path}`, {
      expected: "a file that exists on the gateway's machine",
      got: code,
      cause,
    });
  return new UpreelError("source_unreadable", `cannot read ${path}`, {
    expected: "a file that the gateway's user may read",
    got: code,
    cause,
  });
}
