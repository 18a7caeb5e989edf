import { rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, replaceFile } from "@upreel/files";
import { makePoster } from "@upreel/media";
import type { IndexedFilm } from "./film-index.ts";
import type { JellyfinPicture } from "./jellyfin-posters.ts";

/** Which picture of a film is kept. */
interface KeptPoster {
  readonly hasPoster: boolean;
  /** The tag of Jellyfin's picture; without one, the picture is a frame of the film itself. */
  readonly posterTag?: string | undefined;
}

/** Pictures of films, kept in the films' folders of the data folder: Jellyfin's, else a frame of the film itself. */
export interface FilmPosters {
  path(id: string): string;
  /** Gets one for a film that has none. */
  make(film: IndexedFilm, durationSeconds: number | null): Promise<KeptPoster>;
  /** Replaces it if Jellyfin's has changed. Throws if Jellyfin does not answer: `kept` then stays. */
  renew(film: IndexedFilm, durationSeconds: number | null, kept: KeptPoster): Promise<KeptPoster>;
}

export interface FilmPostersParts {
  readonly folderOf: (id: string) => string;
  readonly ffmpeg: string;
  /** Undefined: it is not known now whether Jellyfin has one. */
  readonly pictureOf: (
    film: IndexedFilm,
    signal: AbortSignal,
  ) => Promise<JellyfinPicture | undefined>;
  readonly signal: AbortSignal;
}

export function createFilmPosters(parts: FilmPostersParts): FilmPosters {
  const { folderOf, pictureOf, signal } = parts;
  const path = (id: string): string => join(folderOf(id), "poster.jpg");

  /** Keeps Jellyfin's picture; false: Jellyfin has none that can be used. */
  async function take({ id }: IndexedFilm, picture: JellyfinPicture | undefined): Promise<boolean> {
    const bytes = picture?.tag === undefined ? undefined : await picture.read(signal);
    if (bytes === undefined) return false;
    await makeFolder(folderOf(id));
    await replaceFile(path(id), bytes, { isDurable: false });
    return true;
  }

  async function paint(film: IndexedFilm, durationSeconds: number | null): Promise<boolean> {
    await makeFolder(folderOf(film.id));
    const part = `${path(film.id)}.part`;
    const isMade = await makePoster({ path: film.realPath, durationSeconds }, part, parts, signal);
    if (!isMade || !(await stat(part).catch(() => undefined))) return false;
    await rename(part, path(film.id));
    return true;
  }

  return {
    path,
    async make(film, durationSeconds) {
      const picture = await pictureOf(film, signal).catch(() => undefined);
      // Undefined: Jellyfin is asked again later.
      const isTaken = await take(film, picture).catch(() => undefined);
      const hasPoster = isTaken === true || (await paint(film, durationSeconds));
      return { hasPoster, posterTag: isTaken === undefined ? undefined : picture?.tag };
    },
    async renew(film, durationSeconds, kept) {
      const picture = await pictureOf(film, signal);
      if (picture === undefined || picture.tag === kept.posterTag) return kept;
      const hasPoster = (await take(film, picture)) || (await paint(film, durationSeconds));
      return { hasPoster, posterTag: picture.tag };
    },
  };
}
