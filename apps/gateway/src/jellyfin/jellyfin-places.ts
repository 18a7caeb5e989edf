import { toUpreelError, type FilmPlace, type Log, type StreamRecords } from "@upreel/core";
import { TICKS_PER_SECOND, type JellyfinClient, type JellyfinItem } from "@upreel/jellyfin";
import { findItems, type FindItemsDependencies } from "./find-items.ts";

/** Where the person who watches on our pages left films in Jellyfin. */
export interface JellyfinPlaces {
  /** Undefined where nobody is known to watch here, or where Jellyfin knows nothing of this film or of him. Never rejects. */
  of(streamId: string): Promise<FilmPlace | undefined>;
}

interface PlacesDependencies {
  readonly config: FindItemsDependencies["config"] & {
    readonly jellyfin: { readonly pageUser: string | undefined };
  };
  readonly client: Pick<JellyfinClient, "libraries" | "items" | "users">;
  readonly records: Pick<StreamRecords, "read">;
  readonly log: Pick<Log, "debug">;
  readonly nowMs: () => number;
}

/** Libraries are read for an item: what was found, or not found, is kept for so long. */
const KNOWN_MS = 10 * 60_000;
const MOST_KNOWN = 1_000;

export function createJellyfinPlaces(deps: PlacesDependencies): JellyfinPlaces {
  const { client, config, records, log } = deps;
  const itemOf = remember(deps.nowMs, async (path) => (await findItems(deps, [path])).get(path));
  const userOf = remember(deps.nowMs, async (name) => {
    const users = await client.users();
    if (name !== "") return users.find(({ Name }) => Name.toLowerCase() === name.toLowerCase());
    // With several, nobody knows who sits before the screen.
    return users.length === 1 ? users[0] : undefined;
  });

  async function find(streamId: string): Promise<FilmPlace | undefined> {
    const path = (await records.read(streamId))?.file.path;
    if (path === undefined) return undefined;
    const user = await userOf(config.jellyfin.pageUser ?? "");
    const item = user && (await itemOf(path));
    if (user === undefined || item === undefined) return undefined;
    const query = { userId: user.Id, ids: [item.itemId], startIndex: 0, limit: 1 };
    const [found] = (await client.items(query)).items;
    return found && placeIn(found);
  }

  return {
    of: (streamId) =>
      find(streamId).catch((thrown: unknown) => {
        log.debug(`Jellyfin does not say where a film was left: ${toUpreelError(thrown).message}`);
        return undefined;
      }),
  };
}

/** A film that was seen to its end begins anew. One that was only looked into has no place, as one that nobody played. */
function placeIn({ UserData: seen }: JellyfinItem): FilmPlace | undefined {
  const atMs = Date.parse(seen?.LastPlayedDate ?? "");
  const seconds = (seen?.PlaybackPositionTicks ?? 0) / TICKS_PER_SECOND;
  if (Number.isNaN(atMs) || (seconds === 0 && seen?.Played !== true)) return undefined;
  return { seconds, at_ms: atMs };
}

/** What `look` found for each key, for a while; a failure is forgotten at once. */
function remember<T>(nowMs: () => number, look: (key: string) => Promise<T>) {
  const known = new Map<string, { readonly atMs: number; readonly found: Promise<T> }>();
  return (key: string): Promise<T> => {
    const before = known.get(key);
    if (before !== undefined && nowMs() - before.atMs < KNOWN_MS) return before.found;
    if (known.size >= MOST_KNOWN) known.clear();
    const found = look(key);
    known.set(key, { atMs: nowMs(), found });
    found.catch(() => known.delete(key));
    return found;
  };
}
