import { toUpreelError, type Log } from "@upreel/core";
import type { JellyfinClient, JellyfinItem, JellyfinUser } from "@upreel/jellyfin";
import type { StrmItem } from "./strm-library.ts";

export interface CarryDependencies {
  readonly client: JellyfinClient;
  readonly log: Log;
  /** What plays each stream. */
  readonly copies: () => ReadonlyMap<string, StrmItem>;
  /** The item of the film that a stream is made of. */
  readonly filmOf: (streamId: string) => Promise<string | undefined>;
  /** Whether the user watches the copy now: his client tells Jellyfin more of it still. */
  readonly isWatching: (userId: string, itemId: string) => boolean;
}

/** Ids in one URL. */
const AT_ONCE = 100;

/**
 * One film, one watched state: what users did with the copy of a film in a library of its own is carried
 * over to the film, and the copy goes out of Continue Watching. A version of the film needs none of it.
 */
export function createCarryWatched({ client, log, copies, filmOf, isWatching }: CarryDependencies) {
  async function carry(user: JellyfinUser, streamId: string, copy: JellyfinItem): Promise<void> {
    const seen = copy.UserData;
    const plays = seen?.PlayCount ?? 0;
    const ticks = seen?.PlaybackPositionTicks ?? 0;
    if (plays === 0 && ticks === 0 && seen?.Played !== true) return;
    if (isWatching(user.Id, copy.Id)) return;
    const filmId = await filmOf(streamId);
    if (filmId === undefined) return;
    const query = { userId: user.Id, ids: [filmId], startIndex: 0, limit: 1 };
    const [film] = (await client.items(query)).items;
    if (film === undefined) return;
    const own = film.UserData;
    const isLater = (seen?.LastPlayedDate ?? "") >= (own?.LastPlayedDate ?? "");
    await client.updateUserData(filmId, user.Id, {
      PlayCount: (own?.PlayCount ?? 0) + plays,
      Played: seen?.Played === true || own?.Played === true,
      // Who went on with the original afterwards is where he left that.
      ...(isLater ? { PlaybackPositionTicks: seen?.Played === true ? 0 : ticks } : {}),
      ...(isLater && seen?.LastPlayedDate ? { LastPlayedDate: seen.LastPlayedDate } : {}),
    });
    await client.updateUserData(copy.Id, user.Id, {
      ...{ PlayCount: 0, Played: false, PlaybackPositionTicks: 0 },
    });
    log.debug(`${film.Name ?? filmId}: what ${user.Name} saw of the copy is the film's now`);
  }

  async function sweepUser(user: JellyfinUser): Promise<void> {
    const streamOf = new Map(
      [...copies()]
        .filter(([, { itemId, mediaSourceId }]) => itemId === mediaSourceId)
        .map(([streamId, { itemId }]) => [itemId, streamId]),
    );
    const ids = [...streamOf.keys()];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const query = {
        userId: user.Id,
        ids: ids.slice(at, at + AT_ONCE),
        startIndex: 0,
        limit: AT_ONCE,
      };
      for (const copy of (await client.items(query)).items)
        await carry(user, streamOf.get(copy.Id) ?? "", copy);
    }
  }

  return {
    /** Looks at every user. Never rejects. */
    async sweep(): Promise<void> {
      try {
        if (copies().size === 0) return;
        for (const user of await client.users()) await sweepUser(user);
      } catch (thrown) {
        log.warn(`Watched states are not carried over for now: ${toUpreelError(thrown).message}`);
      }
    },
  };
}
