import type { JellyfinClient } from "@upreel/jellyfin";
import type { Log, StreamRecords } from "@upreel/core";
import type { Config } from "../../config.ts";
import { isPlaying, type Viewing } from "../../viewing/viewing.ts";
import { createCarryWatched } from "./carry-watched.ts";
import { findItems, type FindItemsDependencies } from "../find-items.ts";
import type { StrmLibrary } from "./strm-library.ts";

/** Jellyfin writes the last position when a client stops; seen in the list of sessions every 5 s. */
const LOOK_EVERY_MS = 15_000;

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
  deps: FindItemsDependencies & { readonly records: Pick<StreamRecords, "read"> },
  streamId: string,
): Promise<string | undefined> {
  const source = (await deps.records.read(streamId))?.file.path;
  return source === undefined ? undefined : (await findItems(deps, [source])).get(source)?.itemId;
}
