import { toUpreelError, type Log } from "@upreel/core";
import type { JellyfinClient } from "@upreel/jellyfin";
import type { IndexedFilm } from "./film-index.ts";

/** The library is asked again for films that it did not know. */
const KNOWN_FOR_MS = 10 * 60_000;
const AT_A_TIME = 500;
const MOST_ITEMS = 20_000;

/** Which of Jellyfin's items a film is, by its file. */
export interface PosterParts {
  readonly client: Pick<JellyfinClient, "items">;
  /** The path here of a file that Jellyfin names; throws for one that is not here. */
  readonly pathHere: (path: string) => string;
  readonly picture: (itemId: string, signal: AbortSignal) => Promise<Uint8Array | undefined>;
  readonly log: Pick<Log, "debug">;
  readonly nowMs: () => number;
}

/** Finds the posters of films in Jellyfin; undefined for a film that it does not have. */
export function createJellyfinPosters(
  parts: PosterParts,
): (film: IndexedFilm, signal: AbortSignal) => Promise<Uint8Array | undefined> {
  let known:
    | { readonly items: Promise<ReadonlyMap<string, string>>; readonly atMs: number }
    | undefined;

  async function readItems(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const items = new Map<string, string>();
    for (let startIndex = 0; startIndex < MOST_ITEMS; startIndex += AT_A_TIME) {
      const page = await parts.client.items({ startIndex, limit: AT_A_TIME }, signal);
      for (const { Id, Path } of page.items) {
        if (typeof Path !== "string") continue;
        try {
          items.set(parts.pathHere(Path), Id);
        } catch {
          // A film of another machine.
        }
      }
      if (page.items.length === 0 || startIndex + AT_A_TIME >= page.total) break;
    }
    return items;
  }

  function itemsNow(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const nowMs = parts.nowMs();
    if (known === undefined || nowMs - known.atMs >= KNOWN_FOR_MS) {
      const items = readItems(signal).catch((thrown: unknown) => {
        parts.log.debug(`No posters from Jellyfin for now: ${toUpreelError(thrown).message}`);
        return new Map<string, string>();
      });
      known = { items, atMs: nowMs };
    }
    return known.items;
  }

  return async ({ path, realPath }, signal) => {
    const items = await itemsNow(signal);
    const id = items.get(path) ?? items.get(realPath);
    return id === undefined ? undefined : parts.picture(id, signal);
  };
}
