import { toUpreelError } from "@upreel/core";
import { streamUrls } from "../http/server/urls.ts";
import { triggerFilm, type FilmDependencies } from "@upreel/engine";
import type { NamedFilm } from "./named-film.ts";

/** Starts the films of the command line, and prints how to play each. The first one comes first. */
export async function startNamedFilms(
  deps: FilmDependencies,
  films: readonly NamedFilm[],
  base: string,
): Promise<void> {
  for (const [index, film] of films.entries()) {
    try {
      const priority = index === 0 ? undefined : ("background" as const);
      const { id, status } = await triggerFilm(deps, { ...film, priority });
      const urls = streamUrls(base, id);
      console.log(
        [
          `${status}: ${film.path}`,
          `  ${urls.hls_url}`,
          `  mpv "${urls.hls_url}"`,
          `  vlc "${urls.hls_url}"`,
          `  ${urls.player_url}`,
        ].join("\n"),
      );
    } catch (thrown) {
      // One of several that cannot be started is no reason to leave out the others.
      if (films.length === 1) throw thrown;
      console.error(`not started: ${film.path}: ${toUpreelError(thrown).message}`);
    }
  }
}
