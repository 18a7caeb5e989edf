import { parseId } from "./parse-id.ts";
import { itemDto } from "./item-dto.ts";
import type { FakeItem, FakeUser, FakeUserData } from "./catalogue.ts";
import type { FakeState } from "./state.ts";

type Dto = Record<string, unknown>;

/** `GET /Items`: the filters that the gateway uses. An unknown id is no error, only no item. */
export function queryItems(state: FakeState, query: URLSearchParams): Dto {
  const user = state.users.find(({ id }) => id === parseId(query.get("userId") ?? ""));
  const ids = list(query, "ids")?.map(parseId);
  const types = list(query, "includeItemTypes");
  const found = state.items
    .filter((item) => (ids === undefined ? item.primaryId === undefined : ids.includes(item.id)))
    .filter((item) => types === undefined || types.includes(item.type))
    .filter((item) => isInLibrary(item, query.get("parentId")))
    .filter((item) => matches(query.get("isPlayed"), dataOf(item, user)?.played ?? false))
    .filter((item) => matches(query.get("isFavorite"), dataOf(item, user)?.favourite ?? false))
    .filter((item) => query.get("filters") !== "IsResumable" || isBegun(dataOf(item, user)))
    .toSorted(orderBy(query.get("sortBy") ?? "", (item) => dataOf(item, user)));
  return page(state, found, query, user);
}

/** `GET /Shows/NextUp`: of every series the first episode after the last one seen. */
export function nextUp(state: FakeState, query: URLSearchParams): Dto {
  const user = state.users.find(({ id }) => id === parseId(query.get("userId") ?? ""));
  const episodes = state.items
    .filter((item) => item.type === "Episode")
    .toSorted((a, b) => orderOf(a) - orderOf(b));
  const found = Map.groupBy(episodes, (item) => item.series?.id ?? "")
    .values()
    .flatMap((all) => {
      const last = all.findLastIndex((item) => dataOf(item, user)?.played ?? false);
      const next = last === -1 ? undefined : all[last + 1];
      return next === undefined ? [] : [next];
    });
  return page(state, [...found], query, user);
}

/** `GET /Shows/{seriesId}/Episodes`, in their order, of one `season` or of all, `startItemId` onwards. */
export function episodesOf(state: FakeState, seriesId: string, query: URLSearchParams): Dto {
  const all = state.items
    .filter((item) => item.series?.id === parseId(seriesId))
    .filter(({ season }) => !query.has("season") || String(season) === query.get("season"))
    .toSorted((a, b) => orderOf(a) - orderOf(b));
  const start = parseId(query.get("startItemId") ?? "");
  const from = start === "" ? 0 : all.findIndex((item) => item.id === start);
  const user = state.users.find(({ id }) => id === parseId(query.get("userId") ?? ""));
  return page(state, from === -1 ? [] : all.slice(from), query, user);
}

const orderOf = (item: FakeItem): number => (item.season ?? 0) * 1000 + (item.episode ?? 0);

const dataOf = (item: FakeItem, user: FakeUser | undefined) =>
  user === undefined ? undefined : item.userData.get(user.id);

const isBegun = (data: FakeUserData | undefined): boolean => (data?.positionTicks ?? 0) > 0;

/** Descending but by name, as the gateway asks. */
function orderBy(sortBy: string, dataOf: (item: FakeItem) => FakeUserData | undefined) {
  const dateOf = (item: FakeItem): string => dataOf(item)?.lastPlayedDate ?? "";
  const countOf = (item: FakeItem): number => dataOf(item)?.playCount ?? 0;
  return (a: FakeItem, b: FakeItem): number => {
    if (sortBy === "DateCreated") return b.dateCreated.localeCompare(a.dateCreated);
    if (sortBy === "DatePlayed") return dateOf(b).localeCompare(dateOf(a));
    if (sortBy === "PlayCount") return countOf(b) - countOf(a);
    return a.name.localeCompare(b.name);
  };
}

const isInLibrary = (item: FakeItem, parentId: string | null): boolean =>
  parentId === null ||
  item.libraryId === parseId(parentId) ||
  item.series?.id === parseId(parentId);

const matches = (wanted: string | null, value: boolean): boolean =>
  wanted === null || (wanted.toLowerCase() === "true") === value;

function page(
  state: FakeState,
  found: readonly FakeItem[],
  query: URLSearchParams,
  user: FakeUser | undefined,
): Dto {
  const start = Number(query.get("startIndex") ?? 0);
  const limit = Number(query.get("limit") ?? Infinity);
  const fields = list(query, "fields") ?? [];
  return {
    Items: found.slice(start, start + limit).map((item) =>
      itemDto(item, state.version, {
        path: fields.includes("Path") || fields.includes("MediaSources"),
        among: state.items,
        user:
          user === undefined
            ? undefined
            : (item.userData.get(user.id) ?? { played: false, favourite: false, positionTicks: 0 }),
      }),
    ),
    TotalRecordCount: found.length,
    StartIndex: start,
  };
}

function list(query: URLSearchParams, name: string): string[] | undefined {
  const values = query.getAll(name).flatMap((value) => value.split(","));
  return values.length === 0 ? undefined : values;
}
