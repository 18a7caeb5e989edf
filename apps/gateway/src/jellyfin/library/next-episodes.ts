import { toUpreelError, type Log, type Profile } from "@upreel/core";
import type { JellyfinClient } from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import type { Config } from "../../config.ts";
import type { MediaFiles } from "@upreel/sources";
import { startJellyfinFilm } from "../played-films.ts";

/** An item that somebody plays now. */
export interface PlayedItem {
  /** Its stream, where there is one. */
  readonly streamId: string | undefined;
  readonly itemId: string;
}

export interface NextEpisodes extends Disposable {
  /** Looks whether this stream is a finished episode that somebody watches. */
  look(streamId: string): void;
}

/**
 * When an episode that is watched is finished, those after it are made: not before, since two at once
 * would each be half as fast.
 */
export function makeNextEpisodes(deps: {
  readonly config: Config;
  readonly files: MediaFiles;
  readonly roots: readonly string[];
  readonly client: JellyfinClient;
  readonly streams: Streams;
  readonly log: Log;
  readonly played: () => readonly PlayedItem[];
  /** How a stream is made: what follows is made likewise. */
  readonly profileOf: (streamId: string) => Promise<Profile | undefined>;
}): NextEpisodes {
  const { client, streams, log } = deps;
  const { nextEpisodes } = deps.config.jellyfin;
  /** Finished films whose next episodes are being asked for, or begun. */
  const seen = new Set<string>();

  async function begin(itemId: string, streamId: string): Promise<void> {
    const seriesId = (await client.item(itemId))?.SeriesId;
    if (!seriesId) return;
    const next = await client.episodesAfter({ seriesId, itemId }, nextEpisodes);
    const profile = await deps.profileOf(streamId);
    for (const { Path: path, SeriesName, Name } of next) {
      if (typeof path !== "string") continue;
      const title = `${SeriesName ?? "Next episode"}: ${Name ?? ""}`;
      await startJellyfinFilm(deps, { path, title, profile, priority: "next" }).then(
        () => log.info(`${title} is made next`),
        (thrown: unknown) =>
          log.warn(`${title} is not made next: ${toUpreelError(thrown).message}`),
      );
    }
  }

  function look(streamId: string): void {
    if (nextEpisodes === 0 || seen.has(streamId)) return;
    const watched = deps.played().find((one) => one.streamId === streamId);
    if (watched === undefined) return;
    seen.add(streamId);
    begin(watched.itemId, streamId).catch((thrown: unknown) => {
      const { code, message } = toUpreelError(thrown);
      log.warn(`The next episode is not upscaled: ${message}`);
      // The viewer's next report asks again; the client keeps such calls from a server that is away.
      if (code === "jellyfin_unreachable") seen.delete(streamId);
    });
  }

  const unsubscribe = streams.subscribe((event) => {
    if (event.type !== "status") seen.delete(event.id);
    else if (event.status.state === "complete") look(event.status.id);
  });
  return {
    look(streamId) {
      if (streams.get(streamId)?.state === "complete") look(streamId);
    },
    [Symbol.dispose]: unsubscribe,
  };
}
