import { UpreelError, type Clock } from "@upreel/core";
import type { JellyfinClient } from "../client/jellyfin-client.ts";

/** A file of Jellyfin's library, under Jellyfin's own name for it. */
export interface FoundFile {
  readonly path: string;
  readonly title: string;
}

/** Item id → path over REST, remembered for a while: a webhook names its item again and again. */
export interface PathFinder {
  /**
   * Throws `jellyfin_not_set_up`, `jellyfin_item_unknown`, or what the client throws. `mediaSourceId`
   * picks a version of the item.
   */
  find(itemId: string, mediaSourceId: string | undefined): Promise<FoundFile>;
}

const REMEMBERED_MS = 10 * 60_000;
const MAX_REMEMBERED = 1_000;
const VIDEO_TYPES: readonly unknown[] = ["Movie", "Episode", "Video", "MusicVideo"];

/** Without a client every look-up fails with what is to be set. */
export function createPathFinder(client: JellyfinClient | undefined, clock: Clock): PathFinder {
  const known = new Map<string, { readonly file: Promise<FoundFile>; readonly atMs: number }>();

  async function ask(itemId: string, mediaSourceId: string | undefined): Promise<FoundFile> {
    if (client === undefined)
      throw new UpreelError(
        "jellyfin_not_set_up",
        "the event names an item id but no file; Upreel asks Jellyfin for the file when JELLYFIN_URL and JELLYFIN_API_KEY are set (Jellyfin's Dashboard, API Keys)",
        { expected: "JELLYFIN_URL and JELLYFIN_API_KEY", got: `item ${itemId}` },
      );
    const item = await client.item(itemId);
    if (item === undefined)
      throw new UpreelError("jellyfin_item_unknown", `Jellyfin has no item ${itemId}`, {
        expected: "an item that the API key may see",
      });
    const version =
      mediaSourceId === undefined || mediaSourceId === itemId
        ? undefined
        : item.MediaSources?.find(({ Id }) => Id === mediaSourceId);
    const path = version?.Path ?? item.Path;
    if (!VIDEO_TYPES.includes(item.Type) || typeof path !== "string")
      throw new UpreelError("source_no_video", `${item.Name ?? itemId} is not a film on a disk`, {
        expected: "a movie, an episode or a video",
        got: item.Type ?? "an item without a type",
      });
    return {
      path,
      title: item.SeriesName ? `${item.SeriesName}: ${item.Name}` : (item.Name ?? itemId),
    };
  }

  return {
    find(itemId, mediaSourceId) {
      const key = `${itemId} ${mediaSourceId ?? ""}`;
      const found = known.get(key);
      if (found !== undefined && clock.nowMs() - found.atMs < REMEMBERED_MS) return found.file;
      const file = ask(itemId, mediaSourceId);
      known.delete(key);
      known.set(key, { file, atMs: clock.nowMs() });
      const [oldest] = known.keys();
      if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
      // What failed is asked again.
      file.catch(() => known.get(key)?.file === file && known.delete(key));
      return file;
    },
  };
}
