import { mapPath, type JellyfinClient } from "@upreel/jellyfin";
import type { Log, StreamRecords } from "@upreel/core";
import type { Config } from "../config.ts";
import { isInside } from "@upreel/sources";
import { isPlaying, type Viewing } from "../viewing/viewing.ts";
import { createCarryWatched } from "./carry-watched.ts";
import type { StrmLibrary } from "./strm-library.ts";

/** Jellyfin writes the last position when a client stops; seen in the list of sessions every 5 s. */
const LOOK_EVERY_MS = 15_000;
const PAGE = 500;

export interface Carrying extends Disposable {
  /** Something was played, or was found that may have been. */
  look(): void;
}

/** Carries watched states from copies of films to the films: soon after somebody stops watching one. */
export function startCarrying(deps: {
  readonly config: Config;
  readonly records: Pick<StreamRecords, "read">;
  readonly client: JellyfinClient;
  readonly viewing: Viewing;
  readonly strm: StrmLibrary;
  readonly log: Log;
}): Carrying {
  const { client, viewing, strm, log } = deps;
  const films = new Map<string, string>();
  let isNews = true;
  let isBusy = false;

  const carrying = createCarryWatched({
    client,
    log,
    copies: () => strm.items(),
    async filmOf(streamId, anew) {
      const known = anew ? undefined : films.get(streamId);
      const found = known ?? (await findFilm(deps, streamId));
      if (found !== undefined) films.set(streamId, found);
      return found;
    },
    isWatching: (userId, itemId) =>
      viewing.players().some((player) => isPlaying(player, { itemId, userId })),
  });

  async function tick(): Promise<void> {
    if (isBusy) return;
    const copies = [...strm.items().values()];
    const isPlayed = viewing
      .players()
      .some((player) => copies.some(({ mediaSourceId: itemId }) => isPlaying(player, { itemId })));
    if (isPlayed) isNews = true;
    else if (isNews) {
      isNews = false;
      isBusy = true;
      // Who is told meanwhile that something was played is asked once more.
      if (!(await carrying.sweep())) isNews = true;
      isBusy = false;
    }
  }
  const timer = setInterval(() => void tick(), LOOK_EVERY_MS).unref();
  return {
    look: () => void (isNews = true),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** The item whose file a stream is made of. */
async function findFilm(
  {
    config,
    client,
    records,
  }: {
    readonly config: Config;
    readonly client: JellyfinClient;
    readonly records: Pick<StreamRecords, "read">;
  },
  streamId: string,
): Promise<string | undefined> {
  const source = (await records.read(streamId))?.file.path;
  if (source === undefined) return undefined;
  const here = (path: string): string => mapPath(config.jellyfin.pathMap, path).path;
  for (const { ItemId, Locations } of await client.libraries()) {
    if (!Locations.some((location) => isInside(here(location), source))) continue;
    for (let startIndex = 0; ; startIndex += PAGE) {
      const page = await client.items({ libraryId: ItemId, startIndex, limit: PAGE });
      const found = page.items.find(
        ({ Path, MediaSources }) =>
          here(Path ?? "") === source ||
          (MediaSources ?? []).some((version) => here(version.Path ?? "") === source),
      );
      if (found !== undefined) return found.Id;
      if (page.items.length === 0 || startIndex + PAGE >= page.total) break;
    }
  }
  return undefined;
}
