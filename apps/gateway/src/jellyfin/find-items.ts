import { mapPath } from "@upreel/core";
import { parseItemId, type JellyfinClient, type JellyfinItem } from "@upreel/jellyfin";
import { isInside } from "@upreel/sources";
import type { Config } from "../config.ts";

const PAGE = 500;

export interface FindItemsDependencies {
  readonly config: { readonly jellyfin: Pick<Config["jellyfin"], "pathMap"> };
  readonly client: Pick<JellyfinClient, "libraries" | "items">;
}

/** An item, or a version of one, and the file that it is made of. */
interface FoundItem {
  /** Of the item. */
  readonly itemId: string;
  /** Of the version: that of the item where it has but one. */
  readonly versionId: string;
  readonly library: { readonly id: string; readonly name: string };
}

/**
 * The items of Jellyfin whose files these are, by their paths here; Jellyfin cannot be asked for a path, so the pages of the
 * libraries that have their folders are read. Throws as the client does.
 */
export async function findItems(
  { config, client }: FindItemsDependencies,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, FoundItem>> {
  const here = (path: string): string => mapPath(config.jellyfin.pathMap, path).path;
  const left = new Set(paths);
  const found = new Map<string, FoundItem>();
  for (const { ItemId, Name, Locations } of await client.libraries(signal)) {
    const library = { id: ItemId, name: Name };
    const take: TakeItem = (path, item) => {
      if (path && left.delete(here(path))) found.set(here(path), { ...item, library });
    };
    const isHere = (path: string): boolean =>
      Locations.some((location) => isInside(here(location), path));
    for (let startIndex = 0; [...left].some(isHere); startIndex += PAGE) {
      const page = await client.items({ libraryId: ItemId, startIndex, limit: PAGE }, signal);
      for (const item of page.items) takeVersions(item, take);
      if (page.items.length === 0 || startIndex + PAGE >= page.total) break;
    }
  }
  return found;
}

type TakeItem = (path: string | null | undefined, item: Omit<FoundItem, "library">) => void;

function takeVersions({ Id, Path, MediaSources }: JellyfinItem, take: TakeItem): void {
  take(Path, { itemId: Id, versionId: Id });
  for (const version of MediaSources ?? [])
    take(version.Path, { itemId: Id, versionId: parseItemId(version.Id ?? "") ?? Id });
}
