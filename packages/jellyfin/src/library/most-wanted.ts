import type { ItemQuery, JellyfinClient } from "../client/jellyfin-client.ts";
import type { JellyfinItem, JellyfinUser } from "../client/schemas.ts";

/** How much an item is wanted: the lower, the more. Items of the same rank and order stay as they come. */
interface Wanted {
  readonly rank: number;
  readonly order: number;
  /** In words; undefined: nobody has done anything with it. */
  readonly why: string | undefined;
}

/** By what users did in Jellyfin, the most wanted first. */
const RANKS = { unfinished: 0, next: 1, series: 2, favourite: 3, popular: 4, other: 5, seen: 6 };

/** Of each user and kind: more nights than anybody waits for. */
const MOST_ITEMS = 200;
const NEXT_UP_LIMIT = 50;

/** Says how much an item is wanted by these users. Throws what the client throws. */
export async function readWishes(
  client: JellyfinClient,
  users: readonly JellyfinUser[],
  signal: AbortSignal,
): Promise<(item: JellyfinItem) => Wanted> {
  const unfinished = new Map<string, number>();
  const next = new Map<string, number>();
  /** Where the first user is who has begun a series, and the series' place among those begun. */
  const series = new Map<string, { readonly at: number; readonly order: number }>();
  const favourites = new Set<string>();
  const plays = new Map<string, number>();

  for (const { Id: userId } of users) {
    const list = async (query: Partial<ItemQuery>): Promise<readonly JellyfinItem[]> =>
      (await client.items({ userId, startIndex: 0, limit: MOST_ITEMS, ...query }, signal)).items;
    for (const item of await list({ isResumable: true, order: "last-played" }))
      if (!unfinished.has(item.Id)) unfinished.set(item.Id, -lastPlayedMs(item));
    for (const [order, item] of (await client.nextUp(userId, NEXT_UP_LIMIT, signal)).entries()) {
      next.set(item.Id, Math.min(next.get(item.Id) ?? order, order));
      if (item.SeriesId && !series.has(item.SeriesId))
        series.set(item.SeriesId, { at: episodeOrder(item), order });
    }
    for (const { Id } of await list({ isFavorite: true })) favourites.add(Id);
    for (const { Id, UserData } of await list({ isPlayed: true, order: "most-played" }))
      plays.set(Id, (plays.get(Id) ?? 0) + Math.max(1, UserData?.PlayCount ?? 1));
  }

  return (item) => {
    const count = plays.get(item.Id) ?? 0;
    const begun = item.SeriesId ? series.get(item.SeriesId) : undefined;
    const wanted = (rank: keyof typeof RANKS, order: number, why: string | undefined): Wanted => ({
      ...{ rank: RANKS[rank], order, why },
    });
    const position = unfinished.get(item.Id);
    if (position !== undefined) return wanted("unfinished", position, "unfinished");
    const turn = next.get(item.Id);
    if (turn !== undefined) return wanted("next", turn, "next episode");
    // Series by series, each in its order.
    if (begun !== undefined && count === 0 && episodeOrder(item) > begun.at)
      return wanted("series", begun.order + share(episodeOrder(item)), "series that is watched");
    if (favourites.has(item.Id)) return wanted("favourite", -count, "favourite");
    if (count > 1) return wanted("popular", -count, `played ${count} times`);
    return count === 1 ? wanted("seen", 0, "seen once") : wanted("other", 0, undefined);
  };
}

const lastPlayedMs = ({ UserData }: JellyfinItem): number => {
  const ms = Date.parse(UserData?.LastPlayedDate ?? "");
  return Number.isNaN(ms) ? 0 : ms;
};

const EPISODES = 10_000;
const episodeOrder = ({ ParentIndexNumber, IndexNumber }: JellyfinItem): number =>
  (ParentIndexNumber ?? 0) * EPISODES + (IndexNumber ?? 0);
/** Below 1, in the same order. */
const share = (order: number): number => order / (order + EPISODES);
