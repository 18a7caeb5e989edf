import type { StreamView } from "@upreel/core";
import {
  choosePlayMode,
  isLostIn,
  TICKS_PER_SECOND,
  type Sighting,
  type Watching,
} from "@upreel/jellyfin";
import type { Config } from "../config.ts";
import type { Order } from "../viewing/remote-control.ts";
import type { Candidate } from "../viewing/switcher.ts";
import type { StrmItem } from "./strm/find-versions.ts";
import { markOf } from "./strm/strm-mark.ts";

export interface SeenPlayersDependencies {
  readonly config: Config;
  readonly watching: Watching;
  readonly libraryOf: (path: string) => Promise<string | undefined>;
  /** The item, or version of one, that plays a stream. */
  readonly itemOf: (streamId: string) => StrmItem | undefined;
  /** The index in the film's file of the sound that a stream has. */
  readonly ownSoundOf: (streamId: string) => Promise<number | undefined>;
  /** Whether there will be such an item. */
  readonly isComing: (streamId: string) => boolean;
}

/**
 * Who plays originals past the proxy, as webhooks and the list of sessions tell, and how they change over
 * by `ON_PLAY`: `PlayNow` of the item that plays the stream, or a message. That item has one sound and no
 * subtitles: who has chosen others is told, not switched.
 */
export function seenPlayers(deps: SeenPlayersDependencies): () => readonly Candidate[] {
  async function prepare(
    sighting: Sighting,
    sessionId: string,
    status: StreamView,
  ): ReturnType<Candidate["prepare"]> {
    // Jellyfin may not have found the item yet.
    if (deps.isComing(status.id)) return "later";
    const { situation, path, chosen } = sighting;
    const library = path === undefined ? undefined : await deps.libraryOf(path);
    const mode = choosePlayMode(deps.config.jellyfin.onPlay, { ...situation, library });
    if (mode !== "automatic" && mode !== "ask") return "nothing";
    const item = deps.itemOf(status.id);
    const losesTracks = chosen !== undefined && isLostIn(await deps.ownSoundOf(status.id), chosen);
    if (mode === "automatic" && item !== undefined && !losesTracks)
      return { sessionId, play: playOf(sighting, item) };
    return { sessionId, message: ready(status, item, deps.config.publicUrl) };
  }

  return () =>
    deps.watching.current().flatMap(({ sighting, streamId, player }): Candidate[] => {
      const { sessionId, isRemoteControlled, isPaused, path, viewer, seconds } = sighting;
      if (streamId === undefined || sessionId === undefined || !isRemoteControlled || isPaused)
        return [];
      // He plays it upscaled.
      if (markOf(path ?? "") !== undefined) return [];
      const { client } = sighting.situation;
      return [
        {
          ...{ play: player, viewer, client: client ?? viewer, streamId, seconds },
          prepare: (status) => prepare(sighting, sessionId, status),
        },
      ];
    });
}

const playOf = (
  { situation, seconds }: Sighting,
  { itemId, mediaSourceId }: StrmItem,
): NonNullable<Order["play"]> => ({
  // Android TV looks at the item alone; a version is an item, too.
  itemId: /android ?tv/i.test(situation.client ?? "") ? mediaSourceId : itemId,
  ...(itemId === mediaSourceId ? {} : { mediaSourceId }),
  positionTicks: Math.round(seconds * TICKS_PER_SECOND),
});

function ready(
  { id, height, title }: StreamView,
  item: StrmItem | undefined,
  publicUrl: string | undefined,
): string {
  const size = height === undefined ? "" : ` to ${height}p`;
  return `${title} is ready upscaled${size}: ${whereOf(id, item, publicUrl)}`;
}

function whereOf(id: string, item: StrmItem | undefined, publicUrl: string | undefined): string {
  if (item !== undefined)
    return item.itemId === item.mediaSourceId
      ? "in the library Upscaled"
      : "as a version of the film";
  return publicUrl === undefined ? "on Upreel's page" : `at ${publicUrl}/watch/${id}`;
}
