import { toUpreelError, type Log } from "@upreel/core";
import type { JellyfinClient } from "@upreel/jellyfin";
import type { IndexedFilm } from "./film-index.ts";

/** The library is asked again for films that it did not know, and for pictures that have changed. */
const KNOWN_FOR_MS = 5 * 60_000;
const AT_A_TIME = 500;
const MOST_ITEMS = 20_000;

/** The main picture of an item of Jellyfin's. */
export interface JellyfinPicture {
  /** Changes with the picture; undefined: the item has none. */
  readonly tag: string | undefined;
  /** Undefined if the picture cannot be used; throws if Jellyfin does not answer. */
  read(signal: AbortSignal): Promise<Uint8Array | undefined>;
}

/** Which of Jellyfin's items a film is, by its file. */
export interface PosterParts {
  readonly client: Pick<JellyfinClient, "items">;
  /** The path here of a file that Jellyfin names; throws for one that is not here. */
  readonly pathHere: (path: string) => string;
  readonly picture: (itemId: string, signal: AbortSignal) => Promise<Uint8Array | undefined>;
  readonly log: Pick<Log, "debug">;
  readonly nowMs: () => number;
}

/** Jellyfin's items by the paths that their files have here. */
type Items = ReadonlyMap<string, Item>;

interface Item {
  readonly id: string;
  /** Of its picture; undefined: it has none. */
  readonly tag: string | undefined;
}

/** Finds the posters of films in Jellyfin; undefined for a film that it is not known to have. */
export function createJellyfinPosters(
  parts: PosterParts,
): (film: IndexedFilm, signal: AbortSignal) => Promise<JellyfinPicture | undefined> {
  let known: { readonly items: Promise<Items>; readonly atMs: number } | undefined;

  async function readItems(signal: AbortSignal): Promise<Items> {
    const items = new Map<string, Item>();
    for (let startIndex = 0; startIndex < MOST_ITEMS; startIndex += AT_A_TIME) {
      const page = await parts.client.items({ startIndex, limit: AT_A_TIME }, signal);
      for (const { Id, Path, ImageTags } of page.items) {
        if (typeof Path !== "string") continue;
        try {
          items.set(parts.pathHere(Path), { id: Id, tag: ImageTags?.Primary ?? undefined });
        } catch {
          // A film of another machine.
        }
      }
      if (page.items.length === 0 || startIndex + AT_A_TIME >= page.total) break;
    }
    return items;
  }

  function itemsNow(signal: AbortSignal): Promise<Items> {
    const nowMs = parts.nowMs();
    if (known === undefined || nowMs - known.atMs >= KNOWN_FOR_MS) {
      const items = readItems(signal).catch((thrown: unknown) => {
        parts.log.debug(`No posters from Jellyfin for now: ${toUpreelError(thrown).message}`);
        return new Map<string, Item>();
      });
      known = { items, atMs: nowMs };
    }
    return known.items;
  }

  return async ({ path, realPath }, signal) => {
    const items = await itemsNow(signal);
    const item = items.get(path) ?? items.get(realPath);
    return item && { tag: item.tag, read: (stop) => parts.picture(item.id, stop) };
  };
}
