import { dirname } from "node:path";
import { UpreelError } from "@upreel/core";
import type { GatewayDeps } from "../http/deps.ts";
import { titleOf } from "../http/trigger-body.ts";
import { pathHere } from "../jellyfin/locate-film.ts";
import { startJellyfinFilm } from "../jellyfin/played-films.ts";

/**
 * Starts, or finds, the stream of a file that Jellyfin's own answer names, and gives its id. With
 * MEDIA_ROOTS only files in there; without, Jellyfin's libraries are the folders that are meant.
 */
export function openFilmOf(deps: Pick<GatewayDeps, "config" | "roots" | "streams">) {
  return async (film: { readonly path: string; readonly title: string }): Promise<string> => {
    const path = pathHere(deps.config, film.path);
    const roots = deps.roots.length > 0 ? deps.roots : [dirname(path)];
    const title = film.title === "" ? titleOf(path) : film.title;
    const started = await startJellyfinFilm(
      { ...deps, roots },
      { path: film.path, title, priority: "viewer" },
    );
    if (started.kind === "stream") return started.id;
    throw new UpreelError("bad_request", started.why);
  };
}
