import { mapPath } from "@upreel/core";
import type { JellyfinClient } from "../client/jellyfin-client.ts";
import type { JellyfinItem, JellyfinLibrary, JellyfinUser } from "../client/schemas.ts";
import type { ScanRule } from "./scan-rules.ts";
import { readWishes } from "./most-wanted.ts";
import { TICKS_PER_SECOND } from "../ticks.ts";

/** An item that a rule wants. */
export interface Candidate {
  readonly itemId: string;
  readonly title: string;
  /** As Jellyfin names it. */
  readonly path: string;
  readonly height: number | undefined;
  readonly durationSeconds: number;
  /** The rule in words. */
  readonly why: string;
}

const PAGE = 200;
/** Of one rule and user: the newest ones, more than a machine makes in years of nights. */
const MAX_ITEMS = 10_000;
const NEXT_UP_LIMIT = 50;

/**
 * Asks Jellyfin for all items that `rules` want: first next episodes, then favourites, then the rest; of each rule what
 * its users want most first, of what nobody has touched the newest; each once. Throws what the client throws.
 */
export async function findCandidates(
  client: JellyfinClient,
  rules: readonly ScanRule[],
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const [users, libraries] = await Promise.all([client.users(signal), client.libraries(signal)]);
  const found = new Map<string, Candidate>();
  const wishesOf = rememberWishes(client, signal);
  for (const rule of rules.toSorted((a, b) => urgency(a) - urgency(b))) {
    const own = users.filter(({ Name }) => isNamed(rule.user, Name));
    const library = libraries.find(({ Name }) => isNamed(rule.library, Name));
    if (own.length === 0 || (rule.library !== undefined && library === undefined)) continue;
    const scope = rule.library === undefined ? undefined : library;
    const items = await itemsOf(client, rule, own, scope, signal);
    if (items.length === 0) continue;
    for (const { item, why } of inOrder(items, rule, await wishesOf(own))) {
      const candidate = candidateOf(item, rule, why);
      if (candidate !== undefined && !found.has(item.Id) && fits(candidate, rule, scope))
        found.set(item.Id, candidate);
    }
  }
  return [...found.values()];
}

/** The same users are asked about by several rules. */
function rememberWishes(client: JellyfinClient, signal: AbortSignal) {
  const known = new Map<string, ReturnType<typeof readWishes>>();
  return (users: readonly JellyfinUser[]): ReturnType<typeof readWishes> => {
    const key = users.map(({ Id }) => Id).join(" ");
    const wishes = known.get(key) ?? readWishes(client, users, signal);
    known.set(key, wishes);
    return wishes;
  };
}

/** Jellyfin's own order is the one of next episodes. */
function inOrder(
  items: readonly JellyfinItem[],
  { next }: ScanRule,
  wishOf: Awaited<ReturnType<typeof readWishes>>,
): readonly { readonly item: JellyfinItem; readonly why: string | undefined }[] {
  if (next === true) return items.map((item) => ({ item, why: undefined }));
  return items
    .map((item) => ({ item, ...wishOf(item) }))
    .toSorted((a, b) => a.rank - b.rank || a.order - b.order);
}

const urgency = ({ next, favourites }: ScanRule): number =>
  next === true ? 0 : favourites === true ? 1 : 2;

const isNamed = (wanted: string | undefined, name: string): boolean =>
  wanted === undefined || wanted.toLowerCase() === name.toLowerCase();

async function itemsOf(
  client: JellyfinClient,
  rule: ScanRule,
  users: readonly JellyfinUser[],
  library: JellyfinLibrary | undefined,
  signal: AbortSignal,
): Promise<readonly JellyfinItem[]> {
  if (rule.next === true) {
    const next = users.map(({ Id }) => client.nextUp(Id, NEXT_UP_LIMIT, signal));
    return (await Promise.all(next)).flat();
  }
  const query = { libraryId: library?.ItemId, order: "newest" } as const;
  if (rule.unwatched !== true && rule.favourites !== true) return allPages(client, query, signal);
  const isPlayed = rule.unwatched === true ? false : undefined;
  const isFavorite = rule.favourites === true ? true : undefined;
  const lists: (readonly JellyfinItem[])[] = [];
  for (const { Id: userId } of users)
    lists.push(await allPages(client, { ...query, userId, isPlayed, isFavorite }, signal));
  // What one of several users has seen is watched; what one of them likes is a favourite.
  return rule.favourites === true ? lists.flat() : inAll(lists);
}

function inAll(lists: readonly (readonly JellyfinItem[])[]): readonly JellyfinItem[] {
  const [first = [], ...others] = lists.map((list) => [...list]);
  const ids = others.map((list) => new Set(list.map(({ Id }) => Id)));
  return first.filter(({ Id }) => ids.every((set) => set.has(Id)));
}

async function allPages(
  client: JellyfinClient,
  query: Omit<Parameters<JellyfinClient["items"]>[0], "startIndex" | "limit">,
  signal: AbortSignal,
): Promise<readonly JellyfinItem[]> {
  const all: JellyfinItem[] = [];
  for (;;) {
    const page = await client.items({ ...query, startIndex: all.length, limit: PAGE }, signal);
    all.push(...page.items);
    if (page.items.length === 0 || all.length >= Math.min(page.total, MAX_ITEMS)) return all;
  }
}

function candidateOf(
  item: JellyfinItem,
  rule: ScanRule,
  why: string | undefined,
): Candidate | undefined {
  if (typeof item.Path !== "string") return undefined;
  const video = item.MediaStreams?.find(({ Type }) => Type === "Video");
  const sides = [video?.Width ?? item.Width, video?.Height ?? item.Height];
  const known = sides.filter((side) => typeof side === "number");
  return {
    itemId: item.Id,
    title: item.SeriesName ? `${item.SeriesName}: ${item.Name}` : (item.Name ?? item.Id),
    path: item.Path,
    height: known.length === 2 ? Math.min(...known) : undefined,
    durationSeconds: (item.RunTimeTicks ?? 0) / TICKS_PER_SECOND,
    why:
      [
        rule.next === true ? "next episode" : undefined,
        rule.favourites === true ? "favourite" : undefined,
        rule.favourites === true && why === "favourite" ? undefined : why,
        rule.unwatched === true ? "unwatched" : undefined,
        rule.below === undefined ? undefined : `below ${rule.below} lines`,
        rule.library === undefined ? undefined : `in ${rule.library}`,
      ]
        .filter((part) => part !== undefined)
        .join(", ") || "every film",
  };
}

/** The conditions that Jellyfin was not asked for. */
function fits(
  { height, path }: Candidate,
  { below, next }: ScanRule,
  library: JellyfinLibrary | undefined,
): boolean {
  if (below !== undefined && (height === undefined || height >= below)) return false;
  // The list of next episodes knows no library.
  return (
    next !== true ||
    library === undefined ||
    library.Locations.some((from) => mapPath([{ from, to: "/" }], path).by !== undefined)
  );
}
