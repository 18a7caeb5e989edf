import { toUpreelError, type Log } from "@upreel/core";
import type { Playbacks } from "../../viewing/playbacks.ts";

export interface ReopenDependencies {
  readonly playbacks: Playbacks;
  readonly openFilm: (film: { readonly path: string; readonly title: string }) => Promise<string>;
  readonly log: Log;
}

/** What fails at once is not tried more often. */
const AGAIN_AFTER_MS = 2_000;

/** Starts the stream of a film again that somebody plays; as often as it is asked, but not faster. */
export function createReopen({ playbacks, openFilm, log }: ReopenDependencies) {
  const lately = new Set<string>();
  return (streamId: string): void => {
    const film = playbacks.filmOf(streamId);
    if (film === undefined || lately.has(streamId)) return;
    lately.add(streamId);
    setTimeout(() => lately.delete(streamId), AGAIN_AFTER_MS).unref();
    openFilm(film).catch((thrown: unknown) => {
      log.warn(`${film.title} cannot be continued: ${toUpreelError(thrown).message}`);
    });
  };
}
