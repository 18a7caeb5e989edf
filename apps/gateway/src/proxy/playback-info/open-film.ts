import { UpreelError, type FilmWish, type Priority } from "@upreel/core";
import type { ProxyDeps } from "../deps.ts";
import { titleOf } from "../../http/api/trigger-body.ts";
import { foldersFor, pathHere } from "../../jellyfin/locate-film.ts";
import { type Foreseen, configuredProfile } from "@upreel/engine";
import { foreseeJellyfinFilm, startJellyfinFilm, wishOf } from "../../jellyfin/played-films.ts";
import type { ShownFilm } from "../items/shown-film.ts";

/** A file, as Jellyfin names it. */
export interface FilmToOpen {
  readonly path: string;
  readonly title: string;
  /** Default `viewer`. */
  readonly priority?: Priority;
  /** Where its viewer begins. */
  readonly fromSeconds?: number;
  /** How it is made for its viewer; default: as rules say that need not know him. */
  readonly wish?: FilmWish | undefined;
}

/**
 * Starts, or finds, the stream of a file that Jellyfin's own answer names, and gives its id. With
 * MEDIA_ROOTS only files in there; without, Jellyfin's libraries are the folders that are meant.
 */
export function openFilmOf(deps: Pick<ProxyDeps, "config" | "files" | "roots" | "streams">) {
  return async (film: FilmToOpen): Promise<string> => {
    const { path, roots } = placeOf(deps, film.path);
    const title = film.title === "" ? titleOf(path) : film.title;
    const started = await startJellyfinFilm(
      { ...deps, roots },
      {
        path: film.path,
        title,
        priority: film.priority ?? "viewer",
        fromSeconds: film.fromSeconds,
        wish: film.wish,
      },
    );
    if (started.kind === "stream") return started.id;
    throw new UpreelError("bad_request", started.why);
  };
}

/**
 * The stream of a file that Jellyfin's own answer names, where another gateway has it and does not hand it over:
 * somebody watches it there.
 */
export function keptElsewhereOf(
  deps: Pick<ProxyDeps, "config" | "files" | "roots" | "streams" | "peers">,
) {
  const { peers, config, files, streams } = deps;
  return async ({ path, wish }: Pick<FilmToOpen, "path" | "wish">): Promise<string | undefined> => {
    if (peers === undefined) return undefined;
    const place = placeOf(deps, path);
    const file = await files.locate(place.path, place.roots);
    const id = streams.idOf({ file, profile: configuredProfile(config, wish) });
    return (await peers.askFor(id)) ? undefined : id;
  };
}

/** What a viewer can expect of a file that Jellyfin's own answer names. */
export function foreseeFilmOf(
  deps: Pick<ProxyDeps, "config" | "files" | "roots" | "streams" | "plan">,
) {
  return (
    jellyfinPath: string,
    fromSeconds: number,
    wish: FilmWish,
  ): Promise<Foreseen | undefined> => {
    const { roots } = placeOf(deps, jellyfinPath);
    return foreseeJellyfinFilm({ ...deps, roots }, jellyfinPath, fromSeconds, wish);
  };
}

/**
 * Does beforehand what playing a file of Jellyfin's would wait for, and makes its first seconds where
 * this machine will hold it. Gives the stream; undefined where there is none.
 */
export function prepareFilmOf(
  deps: Pick<ProxyDeps, "config" | "files" | "roots" | "streams" | "prepare" | "plan">,
) {
  return async ({ path, title, fromSeconds, ...film }: ShownFilm): Promise<string | undefined> => {
    const place = placeOf(deps, path);
    const { wish = wishOf(deps, path) } = film;
    const foreseen = await foreseeJellyfinFilm({ ...deps, ...place }, path, fromSeconds, wish);
    if (foreseen === undefined || foreseen.expectation.advice !== "upscaled") return undefined;
    const file = await deps.files.locate(place.path, place.roots);
    const profile = configuredProfile(deps.config, wish);
    await deps.prepare(file, profile);
    const named = title === "" ? titleOf(place.path) : title;
    return deps.streams.prepare({ file, profile, title: named }, fromSeconds);
  };
}

function placeOf(
  { config, roots }: Pick<ProxyDeps, "config" | "roots">,
  jellyfinPath: string,
): { readonly path: string; readonly roots: readonly string[] } {
  const path = pathHere(config, jellyfinPath);
  return { path, roots: foldersFor(path, roots) };
}
