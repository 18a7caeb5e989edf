import type { JellyfinSession } from "../client/schemas.ts";
import { parseItemId } from "../item-id.ts";
import { chosenSound, type ChosenSound } from "../streams/index-in-file.ts";
import type { PlaySituation } from "../rules/play-rules.ts";
import type { PlaybackNotification } from "../webhooks/notification.ts";
import { TICKS_PER_SECOND } from "../ticks.ts";

/** What a client plays beside the pictures. */
export interface ChosenTracks {
  readonly hasSubtitles: boolean;
  readonly sound: ChosenSound;
}

/** Somebody seen playing something, by a webhook or in the list of sessions. */
export interface Sighting {
  /** What tells one player from another: its device, else its session, else its user. */
  readonly viewer: string;
  /** Whether `viewer` is the same in webhooks and in the list of sessions. */
  readonly isNamedByDevice: boolean;
  readonly itemId: string;
  readonly mediaSourceId: string | undefined;
  /** As Jellyfin names it; a webhook has none. */
  readonly path: string | undefined;
  readonly title: string | undefined;
  /** Of an episode. */
  readonly seriesId: string | undefined;
  readonly seconds: number;
  readonly isPaused: boolean;
  /** The client itself said so, lately; what the server makes up in between is not believed for ever. */
  readonly isReported: boolean;
  readonly sessionId: string | undefined;
  readonly isRemoteControlled: boolean;
  /** Undefined: a webhook, which does not tell. */
  readonly chosen: ChosenTracks | undefined;
  readonly situation: PlaySituation;
}

/** The viewer of a webhook; `undefined` when the body names nobody. */
export const viewerOf = (n: PlaybackNotification): string | undefined =>
  n.deviceId ?? n.sessionId ?? n.userId ?? n.userName;

/** What a webhook shows; `undefined` when it names no item or no viewer. */
export function sightingOf(n: PlaybackNotification): Sighting | undefined {
  const viewer = viewerOf(n);
  if (viewer === undefined || n.itemId === undefined) return undefined;
  return {
    viewer,
    isNamedByDevice: n.deviceId !== undefined,
    itemId: n.itemId,
    mediaSourceId: n.mediaSourceId,
    path: n.path,
    title: n.title,
    seriesId: n.seriesId,
    seconds: n.positionSeconds ?? 0,
    isPaused: n.isPaused,
    isReported: !n.isAutomated,
    sessionId: n.sessionId,
    // Unknown: a client that cannot be controlled ignores it.
    isRemoteControlled: n.sessionId !== undefined,
    chosen: undefined,
    situation: {
      userId: n.userId,
      userName: n.userName,
      client: n.client,
      device: n.device,
      path: n.path,
    },
  };
}

const VIDEO_TYPES: readonly unknown[] = ["Movie", "Episode", "Video", "MusicVideo"];

/** What a session plays; `undefined` for one that plays no film. */
export function sightingIn(session: JellyfinSession): Sighting | undefined {
  const { NowPlayingItem: item, PlayState: state } = session;
  if (!item || !VIDEO_TYPES.includes(item.Type)) return undefined;
  const mediaSourceId = parseItemId(state?.MediaSourceId ?? "");
  // The item's path is that of its first version; another one's is looked up.
  const path = (mediaSourceId ?? item.Id) === item.Id ? (item.Path ?? undefined) : undefined;
  return {
    viewer: session.DeviceId ?? session.Id,
    isNamedByDevice: true,
    itemId: item.Id,
    mediaSourceId,
    path,
    title: item.SeriesName ? `${item.SeriesName}: ${item.Name}` : (item.Name ?? undefined),
    seriesId: item.SeriesId ?? undefined,
    seconds: Math.max(0, (state?.PositionTicks ?? 0) / TICKS_PER_SECOND),
    isPaused: state?.IsPaused === true,
    isReported: true,
    sessionId: session.Id,
    isRemoteControlled: session.SupportsRemoteControl === true,
    chosen: {
      hasSubtitles: (state?.SubtitleStreamIndex ?? -1) >= 0,
      sound: chosenSound(item.MediaStreams ?? [], state?.AudioStreamIndex),
    },
    situation: {
      userId: session.UserId ?? undefined,
      userName: session.UserName ?? undefined,
      client: session.Client ?? undefined,
      device: session.DeviceName ?? undefined,
      path,
    },
  };
}

/** Whether a stream with one sound, the `ownSound` of the film's file, and no subtitles lacks some of these. */
export const isLostIn = (
  ownSound: number | undefined,
  { hasSubtitles, sound }: ChosenTracks,
): boolean =>
  hasSubtitles || sound === "beside" || (sound !== "own" && sound.fileIndex !== ownSound);
