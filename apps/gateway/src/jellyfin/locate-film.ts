import { dirname } from "node:path";
import { mapPath, UpreelError, toUpreelError } from "@upreel/core";
import type { Config } from "../config.ts";

/**
 * The path here of a file that Jellyfin names. Throws `source_missing` for a Windows path that no
 * mapping covers.
 */
export function pathHere({ jellyfin }: Config, path: string): string {
  const mapped = mapPath(jellyfin.pathMap, path).path;
  if (!/^([a-z]:|\\\\)/i.test(mapped)) return mapped;
  throw new UpreelError(
    "source_missing",
    `Jellyfin names the file ${path}, which is not a path on this machine`,
    { expected: "PATH_MAP=D:\\Films=/films, with the folders of both", got: path },
  );
}

/** The folders that a film may be in: film folders; without any, those of Jellyfin's libraries are meant. */
export const foldersFor = (path: string, roots: readonly string[]): readonly string[] =>
  roots.length > 0 ? roots : [dirname(path)];

/** What a refused file of Jellyfin's means for whoever set it up. */
export function explainRefusal(thrown: unknown, path: string, here: string): UpreelError {
  const error = toUpreelError(thrown);
  if (error.code !== "source_missing" && error.code !== "source_outside_roots") return error;
  return new UpreelError(
    error.code,
    `${error.message} (Jellyfin names it ${path}${path === here ? "" : `, PATH_MAP makes that ${here}`})`,
    {
      expected:
        error.code === "source_missing"
          ? "the same folder here, or PATH_MAP=/folder/in/jellyfin=/folder/here"
          : error.expected,
      got: error.got,
      cause: error,
    },
  );
}
