import { mapPath } from "@upreel/core";
import type { JellyfinClient } from "@upreel/jellyfin";
import type { FileGroup } from "@upreel/scan";
import { findItems, type FindItemsDependencies } from "../jellyfin/find-items.ts";

export interface SeasonInJellyfinDependencies extends FindItemsDependencies {
  readonly client: FindItemsDependencies["client"] & Pick<JellyfinClient, "item" | "episodesOf">;
}

/**
 * The season that the film at `path` is of in Jellyfin, wherever its episodes lie and whatever they are called; undefined where
 * it is no episode there. Throws as the client does.
 */
export async function seasonInJellyfin(
  deps: SeasonInJellyfinDependencies,
  path: string,
  signal: AbortSignal,
): Promise<FileGroup | undefined> {
  const { client, config } = deps;
  const found = (await findItems(deps, [path], signal)).get(path);
  const item = found && (await client.item(found.itemId, signal));
  const { SeriesId: seriesId, ParentIndexNumber: number } = item ?? {};
  if (!seriesId || number === undefined || number === null) return undefined;
  const episodes = await client.episodesOf({ seriesId, number }, signal);
  const paths = episodes.flatMap(({ Path }) =>
    Path ? [mapPath(config.jellyfin.pathMap, Path).path] : [],
  );
  return { groupKey: `season:${seriesId}:${number}`, paths };
}
