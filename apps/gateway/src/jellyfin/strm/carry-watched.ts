import { toUpreelError, type Log } from "@upreel/core";
import type { JellyfinClient, JellyfinItem, JellyfinUser } from "@upreel/jellyfin";
import type { StrmItem } from "./find-versions.ts";

export interface CarryDependencies {
  readonly client: JellyfinClient;
  readonly log: Log;
  /** What plays each stream. */
  readonly copies: () => ReadonlyMap<string, StrmItem>;
  /** The item of the film that a stream is made of; looked for `anew` where what was found is gone. */
  readonly filmOf: (streamId: string, anew: boolean) => Promise<string | undefined>;
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
    const film = (await findFilm(user, streamId, false)) ?? (await findFilm(user, streamId, true));
    if (film === undefined) return;
    const own = film.UserData;
    const isLater = (seen?.LastPlayedDate ?? "") >= (own?.LastPlayedDate ?? "");
    // In this order an end in between costs a count at most: what may be said twice, then the copy, then the count.
    await client.updateUserData(film.Id, user.Id, {
      Played: seen?.Played === true || own?.Played === true,
      // Who went on with the original afterwards is where he left that.
      ...(isLater ? { PlaybackPositionTicks: seen?.Played === true ? 0 : ticks } : {}),
      ...(isLater && seen?.LastPlayedDate ? { LastPlayedDate: seen.LastPlayedDate } : {}),
    });
    await client.updateUserData(copy.Id, user.Id, {
      ...{ PlayCount: 0, Played: false, PlaybackPositionTicks: 0 },
    });
    await client.updateUserData(film.Id, user.Id, { PlayCount: (own?.PlayCount ?? 0) + plays });
    log.debug(`${film.Name ?? film.Id}: what ${user.Name} saw of the copy is the film's now`);
  }

  /** As this user sees it. */
  async function findFilm(
    user: JellyfinUser,
    streamId: string,
    anew: boolean,
  ): Promise<JellyfinItem | undefined> {
    const filmId = await filmOf(streamId, anew);
    if (filmId === undefined) return undefined;
    const query = { userId: user.Id, ids: [filmId], startIndex: 0, limit: 1 };
    return (await client.items(query)).items.find(({ Id }) => Id === filmId);
  }

  /** An item or a user may be deleted meanwhile: the others have theirs all the same. */
  async function tryEach(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = toUpreelError(thrown);
      if (error.code !== "jellyfin_failed") throw error;
      log.warn(`The watched state of ${what} is not carried over: ${error.message}`);
    }
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
        await tryEach(`${copy.Name ?? copy.Id} for ${user.Name}`, () =>
          carry(user, streamOf.get(copy.Id) ?? "", copy),
        );
    }
  }

  return {
    /** Looks at every user; false when it is to be tried again. Never rejects. */
    async sweep(): Promise<boolean> {
      try {
        if (copies().size === 0) return true;
        for (const user of await client.users())
          await tryEach(`the films of ${user.Name}`, () => sweepUser(user));
        return true;
      } catch (thrown) {
        log.warn(`Watched states are not carried over for now: ${toUpreelError(thrown).message}`);
        return false;
      }
    },
  };
}
