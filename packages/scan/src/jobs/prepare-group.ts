import { createHash } from "node:crypto";
import { toUpreelError, type FileIdentity } from "@upreel/core";
import { fileIdOf, itemIdOf } from "../media-scan/file-id.ts";
import type { MediaType } from "../manifest/media-types.ts";
import {
  groupOf,
  isNamedAsEpisode,
  MOST_EPISODES,
  type FileGroup,
} from "../media-scan/group-of.ts";

/** Where films are; whoever opens the scans knows the disks. */
export interface FilmPlaces {
  /** Throws where it is not a film that may be read. */
  identify(path: string): Promise<FileIdentity>;
  /** The season that the film is of, where a library knows it; else its name and those beside it tell. */
  season?: ((path: string, signal: AbortSignal) => Promise<FileGroup | undefined>) | undefined;
  /** Films in the same folder, by their paths. */
  beside(path: string): Promise<readonly string[]>;
  /** Seconds; undefined for what has none, or cannot be read. */
  durationOf(file: FileIdentity, signal: AbortSignal): Promise<number | undefined>;
}

/** Files that are looked at together, as they are now. */
export interface PreparedGroup {
  readonly groupKey: string | undefined;
  /** Another one as soon as a film of the group is another one. */
  readonly groupHash: string;
  readonly mediaType: MediaType;
  readonly files: readonly [PreparedFile, ...PreparedFile[]];
}

interface PreparedFile {
  readonly fileId: string;
  readonly itemId: string;
  readonly path: string;
  readonly duration: number;
}

/** The film at `path`, or the season that it is of. Throws where the film itself cannot be read. */
export async function prepareGroup(
  places: FilmPlaces,
  path: string,
  signal: AbortSignal,
): Promise<PreparedGroup> {
  const wanted = await places.identify(path);
  const { groupKey, paths } =
    (await knownSeason(places, wanted.path, signal)) ?? (await seasonBeside(places, wanted.path));
  const files: PreparedFile[] = [];
  for (const each of paths) {
    signal.throwIfAborted();
    const file = each === wanted.path ? wanted : await identifyOrSkip(places, each);
    const duration = file && (await places.durationOf(file, signal));
    if (file === undefined || duration === undefined) continue;
    files.push({
      ...{ fileId: fileIdOf(file), itemId: itemIdOf(file), path: file.path, duration },
    });
  }
  const [first, ...rest] = files;
  if (first === undefined) throw new Error(`its length is not known: ${path}`);
  const ids = files.map(({ fileId }) => fileId).toSorted();
  return {
    groupKey,
    // Also an episode of a season that is too long to be looked at together.
    mediaType: groupKey !== undefined || isNamedAsEpisode(wanted.path) ? "tv" : "movies",
    groupHash: createHash("sha256").update(ids.join(" ")).digest("hex").slice(0, 32),
    files: [first, ...rest],
  };
}

/** A library that is away, or does not know the film, knows no season. */
async function knownSeason(
  places: FilmPlaces,
  path: string,
  signal: AbortSignal,
): Promise<FileGroup | undefined> {
  const known = await places.season?.(path, signal).catch(() => undefined);
  const isUsable = known?.paths.includes(path) === true && known.paths.length <= MOST_EPISODES;
  return isUsable ? { ...known, paths: [...new Set(known.paths)] } : undefined;
}

const seasonBeside = async (places: FilmPlaces, path: string): Promise<FileGroup> =>
  groupOf(path, await places.beside(path).catch(() => []));

/** An episode beside it that is away now is no reason to leave the others alone. */
async function identifyOrSkip(places: FilmPlaces, path: string): Promise<FileIdentity | undefined> {
  try {
    return await places.identify(path);
  } catch (thrown) {
    if (toUpreelError(thrown).code === "internal") throw thrown;
    return undefined;
  }
}
