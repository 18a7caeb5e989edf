import { stat } from "node:fs/promises";
import {
  isSameFile,
  mapPath,
  UpreelError,
  type FoundFile,
  type PathMap,
  type SourceRef,
} from "@upreel/core";

export interface SourceWays {
  /** Folders of films by their names on the gateway's machine and on this one. */
  readonly sharedFolders: PathMap;
  /** The film's address at the gateway; undefined: it gave none. */
  readonly urlOf: (source: Pick<SourceRef, "id">) => string | undefined;
  /** A shared folder should have the film, but has not this one. */
  readonly onNotShared: (path: string) => void;
}

/** On a shared folder where the same file lies there, else by HTTP. Rejects with `source_unavailable`. */
export async function findSource(
  source: Pick<SourceRef, "id" | "path" | "sizeBytes" | "modifiedMs">,
  { sharedFolders, urlOf, onNotShared }: SourceWays,
): Promise<FoundFile> {
  const { path, by } = mapPath(sharedFolders, source.path);
  if (by !== undefined) {
    if (await isThere(path, source)) return { path };
    onNotShared(path);
  }
  const url = urlOf(source);
  if (url !== undefined) return { path: url };
  throw new UpreelError("source_unavailable", "The gateway gave no address for this film");
}

async function isThere(
  path: string,
  { sizeBytes, modifiedMs }: Pick<SourceRef, "sizeBytes" | "modifiedMs">,
): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) return false;
  const now = { path, sizeBytes: found.size, modifiedMs: found.mtimeMs };
  return isSameFile({ path, sizeBytes, modifiedMs }, now);
}
