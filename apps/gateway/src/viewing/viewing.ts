import type { Watching } from "@upreel/jellyfin";
import type { Playbacks } from "./playbacks.ts";

/** Somebody who plays something now. */
export interface Player {
  /** What tells one player from another: its device, where that is named. */
  readonly viewer: string;
  /** The item, and its version where that is told. */
  readonly itemId: string;
  readonly versionId: string | undefined;
  readonly userId: string | undefined;
  /** The stream of what it plays, where there is one. */
  readonly streamId: string | undefined;
}

/** Who plays what, whoever tells of it: the proxy, webhooks, Jellyfin's list of sessions. Each player once. */
export interface Viewing {
  players(): readonly Player[];
}

/** The proxy's word counts for those whom it sees, and `watching` leaves them to it. */
export const createViewing = (
  playbacks: Pick<Playbacks, "open" | "isFollowed">,
  watching: Pick<Watching, "current">,
): Viewing => ({
  players: () => [
    ...playbacks
      .open()
      .map(({ playback }) => playback)
      .filter(({ viewer, itemId }) => playbacks.isFollowed(viewer, itemId))
      .map(({ viewer, itemId, sourceId, userId, streamId }) => ({
        ...{ viewer, itemId, versionId: sourceId, userId, streamId },
      })),
    ...watching.current().map(({ sighting, streamId }) => ({
      viewer: sighting.viewer,
      itemId: sighting.itemId,
      versionId: sighting.mediaSourceId,
      userId: sighting.situation.userId,
      streamId,
    })),
  ],
});

/** Whether `player` plays this item or version, as this user or as one that nobody named. */
export const isPlaying = (
  { itemId, versionId, userId }: Player,
  played: { readonly itemId: string; readonly userId?: string },
): boolean =>
  (itemId === played.itemId || versionId === played.itemId) &&
  (played.userId === undefined || userId === undefined || userId === played.userId);
