import { choosePlayMode, chooseWish, type PlayedFilms, type StartedFilm } from "@upreel/jellyfin";
import {
  toUpreelError,
  tellAdvice,
  type FilmWish,
  type Priority,
  type Profile,
} from "@upreel/core";
import {
  foreseeFilm,
  type ForeseeDependencies,
  type Foreseen,
  triggerFilm,
  type FilmDependencies,
} from "@upreel/engine";
import type { Config } from "../config.ts";
import { explainRefusal, pathHere } from "./locate-film.ts";
import { isOwnFile } from "./own-files.ts";
import { markOf } from "./strm/strm-mark.ts";

type JellyfinFilmDependencies = FilmDependencies & { readonly config: Config };

/** Starts the upscale of a file that Jellyfin names; a file that Upreel itself made is left alone. */
export async function startJellyfinFilm(
  deps: JellyfinFilmDependencies,
  film: {
    readonly path: string;
    readonly title: string;
    readonly priority: Priority;
    /** Where its viewer begins. */
    readonly fromSeconds?: number | undefined;
    /** Default: as rules say that need not know who watches. */
    readonly wish?: FilmWish | undefined;
    /** Just so, whatever rules and settings say. */
    readonly profile?: Profile | undefined;
  },
): Promise<StartedFilm> {
  const { config } = deps;
  const path = pathHere(config, film.path);
  const mark = markOf(film.path);
  if (mark !== undefined) {
    const played = deps.streams.list().find(({ id }) => id.startsWith(mark));
    if (played !== undefined) return { kind: "stream", id: played.id };
    return { kind: "left_alone", why: "its stream was deleted" };
  }
  if (isOwnFile(config, path)) return { kind: "left_alone", why: "it is an upscaled film already" };
  try {
    const { id } = await triggerFilm(deps, {
      ...film,
      path,
      wish: film.wish ?? wishOf(deps, film.path),
    });
    return { kind: "stream", id };
  } catch (thrown) {
    // Asked for, and kept.
    if (toUpreelError(thrown).code === "stream_elsewhere")
      return { kind: "left_alone", why: "another gateway makes it for somebody who watches it" };
    throw explainRefusal(thrown, film.path, path);
  }
}

/** What `FILM_RULES` wish for a film, as Jellyfin names it, whoever watches. */
export const wishOf = ({ config }: Pick<JellyfinFilmDependencies, "config">, path: string) =>
  chooseWish(config.jellyfin.wishes, { path });

/**
 * What a viewer can expect of a file that Jellyfin names; undefined for what Upreel itself made. Begins
 * nothing. Throws what is wrong with the file.
 */
export async function foreseeJellyfinFilm(
  deps: JellyfinFilmDependencies & Pick<ForeseeDependencies, "plan">,
  jellyfinPath: string,
  fromSeconds: number,
  wish: FilmWish,
): Promise<Foreseen | undefined> {
  const path = pathHere(deps.config, jellyfinPath);
  if (markOf(jellyfinPath) !== undefined || isOwnFile(deps.config, path)) return undefined;
  try {
    return await foreseeFilm(deps, { path, roots: deps.roots, wish }, fromSeconds);
  } catch (thrown) {
    throw explainRefusal(thrown, jellyfinPath, path);
  }
}

/** What playing a film in Jellyfin does: the rules of `ON_PLAY`, then the streams. */
export function createPlayedFilms(
  deps: JellyfinFilmDependencies & {
    readonly plan: ForeseeDependencies["plan"];
    /** The name of the library that a file of Jellyfin's is in, when a rule needs it. */
    readonly libraryOf: (path: string) => Promise<string | undefined>;
  },
): PlayedFilms {
  const { streams, config } = deps;
  const isKnown = (id: string): boolean => streams.has(id);
  return {
    async start({ situation, seconds }, { path, title }) {
      const library = await deps.libraryOf(path);
      const watched = { ...situation, path, library };
      const mode = choosePlayMode(config.jellyfin.onPlay, watched);
      if (mode === "off" || mode === "offer")
        return { kind: "left_alone", why: `ON_PLAY says ${mode} for this viewer` };
      const wish = chooseWish(config.jellyfin.wishes, watched);
      const foreseen = await foreseeJellyfinFilm(deps, path, seconds, wish);
      if (foreseen?.expectation.advice === "original")
        return {
          kind: "left_alone",
          why: `cannot_hold: ${tellAdvice(foreseen.expectation.adviceTold)}`,
        };
      const begun = { path, title, wish, priority: "viewer", fromSeconds: seconds } as const;
      return startJellyfinFilm(deps, begun);
    },
    // Somebody may have deleted the stream meanwhile.
    reportPlayhead(id, { viewer, seconds, isPaused, path = "" }) {
      const plays = markOf(path) === undefined ? "original" : "stream";
      if (isKnown(id)) streams.reportPlayhead(id, viewer, seconds, isPaused, plays);
    },
    viewerLeft(id, viewer) {
      if (isKnown(id)) streams.viewerLeft(id, viewer);
    },
  };
}
