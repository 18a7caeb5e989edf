import type { FakeItem, FakeUser } from "./catalogue.ts";
import { itemDto, SERVER_ID } from "./item-dto.ts";
import type { FakeVersion } from "./version.ts";

/** A client that is logged in, and what it plays. */
export interface FakeSession {
  readonly id: string;
  readonly user: FakeUser | undefined;
  readonly otherUsers: readonly FakeUser[];
  readonly client: string;
  readonly deviceId: string;
  readonly deviceName: string;
  supportsRemoteControl: boolean;
  playing: FakePlaying | undefined;
}

interface FakePlaying {
  item: FakeItem;
  positionTicks: number;
  isPaused: boolean;
  playMethod: "DirectPlay" | "DirectStream" | "Transcode";
  /** Without one: the item's own. */
  mediaSourceId?: string;
  audioStreamIndex: number | undefined;
  subtitleStreamIndex: number | undefined;
}

/** A session with the properties that a test cares for. */
export function makeFakeSession(given: Partial<FakeSession> & { id: string }): FakeSession {
  return {
    user: undefined,
    otherUsers: [],
    client: "Jellyfin Web",
    deviceId: "hookdev1",
    deviceName: "Chrome",
    supportsRemoteControl: true,
    playing: undefined,
    ...given,
  };
}

/** As `GET /Sessions` answers it. */
export function sessionDto(session: FakeSession, version: FakeVersion): Record<string, unknown> {
  const { playing } = session;
  return {
    PlayState: {
      ...(playing === undefined
        ? {}
        : {
            PositionTicks: playing.positionTicks,
            AudioStreamIndex: playing.audioStreamIndex,
            SubtitleStreamIndex: playing.subtitleStreamIndex,
            MediaSourceId: playing.mediaSourceId ?? playing.item.id,
            PlayMethod: playing.playMethod,
          }),
      CanSeek: playing !== undefined,
      IsPaused: playing?.isPaused ?? false,
      IsMuted: false,
      RepeatMode: "RepeatNone",
      PlaybackOrder: "Default",
    },
    AdditionalUsers: session.otherUsers.map((user) => ({ UserId: user.id, UserName: user.name })),
    Capabilities: { PlayableMediaTypes: ["Audio", "Video"], SupportedCommands: [] },
    RemoteEndPoint: "127.0.0.1",
    PlayableMediaTypes: ["Audio", "Video"],
    Id: session.id,
    ...(session.user === undefined
      ? { UserId: "00000000000000000000000000000000" }
      : { UserId: session.user.id, UserName: session.user.name }),
    Client: session.client,
    LastActivityDate: "2026-11-21T01:24:25.6391241Z",
    LastPlaybackCheckIn: "2026-11-21T01:24:24.6272426Z",
    DeviceName: session.deviceName,
    ...(playing === undefined
      ? {}
      : { NowPlayingItem: itemDto(playing.item, version, { path: true, user: undefined }) }),
    DeviceId: session.deviceId,
    ApplicationVersion: version,
    IsActive: true,
    SupportsMediaControl: session.supportsRemoteControl,
    SupportsRemoteControl: session.supportsRemoteControl,
    NowPlayingQueue: [],
    HasCustomDeviceName: false,
    ServerId: SERVER_ID,
    SupportedCommands: [],
  };
}
