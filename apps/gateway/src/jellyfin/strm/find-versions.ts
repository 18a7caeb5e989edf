import type { JellyfinClient } from "@upreel/jellyfin";
import { markOf } from "./strm-mark.ts";

const PAGE = 500;

/** What Jellyfin plays a stream by. */
export interface StrmItem {
  readonly itemId: string;
  /** The version of the item; its own id where it is an item of its own. */
  readonly mediaSourceId: string;
}

/** Looks through a library, the newest items first, for those that play one of the streams. */
export async function* findVersions(
  client: Pick<JellyfinClient, "items">,
  libraryId: string,
  streamIds: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<{
  readonly streamId: string;
  readonly item: StrmItem;
  readonly name: string;
}> {
  const wanted = new Set(streamIds);
  const streamOf = (path: string | null | undefined): string | undefined => {
    const mark = markOf(path ?? "");
    return mark === undefined ? undefined : [...wanted].find((id) => id.startsWith(mark));
  };
  for (let startIndex = 0; wanted.size > 0; startIndex += PAGE) {
    const query = { libraryId, order: "newest" as const, startIndex, limit: PAGE };
    const { items, total } = await client.items(query, signal);
    for (const { Id, Name, Path, MediaSources } of items)
      for (const version of [...(MediaSources ?? []), { Id, Path }]) {
        const streamId = streamOf(version.Path);
        if (streamId === undefined) continue;
        wanted.delete(streamId);
        const item = { itemId: Id, mediaSourceId: version.Id ?? Id };
        yield { streamId, item, name: Name ?? streamId };
      }
    if (items.length === 0 || startIndex + PAGE >= total) return;
  }
}
