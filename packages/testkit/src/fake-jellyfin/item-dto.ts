import { dashed, type FakeItem, type FakeSubtitle, type FakeUserData } from "./catalogue.ts";
import { isNewerThan, type FakeVersion } from "./version.ts";

type Dto = Record<string, unknown>;

const isText = (subtitle: FakeSubtitle): boolean => !/sub$|pgs/i.test(subtitle.codec);

/** The tracks of an item in the order of their indexes: picture, sound, subtitles. */
export function mediaStreams(item: FakeItem, version: FakeVersion): Dto[] {
  const isAudio = item.type === "Audio";
  const common = (index: number): Dto => ({
    TimeBase: "1/1000",
    AudioSpatialFormat: "None",
    IsInterlaced: false,
    IsForced: false,
    IsHearingImpaired: false,
    ...(isNewerThan(version, "10.11") ? { IsOriginal: false } : {}),
    Index: index,
    IsExternal: false,
  });
  const video: Dto[] = isAudio
    ? []
    : [
        {
          Codec: item.video.codec,
          VideoRange: "SDR",
          VideoRangeType: "SDR",
          DisplayTitle: `${item.video.height}p ${item.video.codec.toUpperCase()} SDR`,
          BitRate: item.bitrate,
          BitDepth: 8,
          RefFrames: 1,
          IsDefault: true,
          Height: item.video.height,
          Width: item.video.width,
          AverageFrameRate: 25,
          RealFrameRate: 25,
          ReferenceFrameRate: 25,
          Profile: "Main",
          Type: "Video",
          AspectRatio: "16:9",
          IsTextSubtitleStream: false,
          SupportsExternalStream: false,
          PixelFormat: "yuv420p",
          Level: 30,
          ...common(0),
        },
      ];
  const audio = item.audio.map((track, n): Dto => ({
    Codec: track.codec,
    Language: track.language,
    VideoRange: "Unknown",
    VideoRangeType: "Unknown",
    DisplayTitle: `${track.language} - ${track.codec.toUpperCase()}`,
    BitRate: 192_000,
    Channels: track.channels,
    SampleRate: 48_000,
    IsDefault: n === 0,
    Type: "Audio",
    IsTextSubtitleStream: false,
    SupportsExternalStream: false,
    ...common(video.length + n),
  }));
  const subtitles = item.subtitles.map((track, n): Dto => ({
    Codec: track.codec,
    Language: track.language,
    VideoRange: "Unknown",
    VideoRangeType: "Unknown",
    DisplayTitle: `${track.language} - ${track.codec.toUpperCase()}`,
    IsDefault: n === 0,
    Type: "Subtitle",
    IsTextSubtitleStream: isText(track),
    SupportsExternalStream: true,
    ...common(video.length + audio.length + n),
  }));
  return [...video, ...audio, ...subtitles];
}

/** One source of an item, as item details carry it. */
export function mediaSource(item: FakeItem, version: FakeVersion): Dto {
  return {
    Protocol: "File",
    Id: item.id,
    Path: item.path,
    Type: "Default",
    Container: item.path.replace(/^.*\./, ""),
    Size: 77_257_464,
    Name: item.name,
    IsRemote: false,
    ETag: "e7cba227617d8e959efa3ee55d006d56",
    RunTimeTicks: item.runTimeTicks,
    ReadAtNativeFramerate: false,
    IgnoreDts: false,
    IgnoreIndex: false,
    GenPtsInput: false,
    SupportsTranscoding: true,
    SupportsDirectStream: true,
    SupportsDirectPlay: true,
    IsInfiniteStream: item.type === "TvChannel",
    ...(isNewerThan(version, "10.10") ? { UseMostCompatibleTranscodingProfile: false } : {}),
    RequiresOpening: false,
    RequiresClosing: false,
    RequiresLooping: false,
    SupportsProbing: true,
    VideoType: "VideoFile",
    MediaStreams: mediaStreams(item, version),
    MediaAttachments: [],
    Formats: [],
    Bitrate: item.bitrate,
    RequiredHttpHeaders: {},
    TranscodingSubProtocol: "http",
    DefaultAudioStreamIndex: item.audio.length === 0 ? undefined : 1,
    HasSegments: false,
  };
}

/** An item as lists and `GET /Items/{id}` answer it; `Path` and the sources only when asked for. */
export function itemDto(
  item: FakeItem,
  version: FakeVersion,
  has: { readonly path: boolean; readonly user: FakeUserData | undefined },
): Dto {
  return {
    Name: item.name,
    ServerId: SERVER_ID,
    Id: item.id,
    DateCreated: item.dateCreated,
    Container: item.path.replace(/^.*\./, ""),
    ...(has.path
      ? {
          Path: item.path,
          MediaSources: [mediaSource(item, version)],
          MediaStreams: mediaStreams(item, version),
        }
      : {}),
    ChannelId: null,
    RunTimeTicks: item.runTimeTicks,
    ProductionYear: 2008,
    IsFolder: false,
    ParentId: item.libraryId,
    Type: item.type,
    ...(item.series === undefined
      ? {}
      : {
          SeriesId: item.series.id,
          SeriesName: item.series.name,
          ParentIndexNumber: item.season,
          IndexNumber: item.episode,
        }),
    ...(has.user === undefined ? {} : { UserData: userDataDto(item, has.user, version) }),
    Width: item.video.width,
    Height: item.video.height,
    LocationType: "FileSystem",
    MediaType: item.type === "Audio" ? "Audio" : "Video",
  };
}

const userDataDto = (item: FakeItem, user: FakeUserData, version: FakeVersion): Dto => ({
  PlaybackPositionTicks: user.positionTicks,
  PlayCount: user.played ? 1 : 0,
  IsFavorite: user.favourite,
  Played: user.played,
  Key: dashed(item.id),
  ...(isNewerThan(version, "10.10") ? { ItemId: item.id } : {}),
});

export const SERVER_ID = "8f7ff51b5be64cbd852c9bea6dd16c80";
