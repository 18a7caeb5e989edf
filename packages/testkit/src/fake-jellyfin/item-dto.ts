import { imageTags } from "./images.ts";
import { dashed, type FakeItem, type FakeSubtitle, type FakeUserData } from "./catalogue.ts";
import { isNewerThan, type FakeVersion } from "./version.ts";

type Dto = Record<string, unknown>;

const isText = (subtitle: FakeSubtitle): boolean => !/sub$|pgs/i.test(subtitle.codec);

/** The tracks of an item in the order of their indexes: those of files beside it, picture, sound, subtitles. */
export function mediaStreams(item: FakeItem, version: FakeVersion): Dto[] {
  const video = item.type === "Audio" ? [] : [videoStream(item)];
  const audio = item.audio.map((track, n) => audioStream(track, n === 0));
  const subtitles = item.subtitles.map((track, n) => subtitleStream(track, n === 0));
  const all = [...video, ...audio, ...subtitles];
  return [...all.filter(isExternal), ...all.filter((stream) => !isExternal(stream))].map(
    (stream, index): Dto => ({
      TimeBase: "1/1000",
      AudioSpatialFormat: "None",
      IsInterlaced: false,
      IsForced: false,
      IsHearingImpaired: false,
      ...(isNewerThan(version, "10.11") ? { IsOriginal: false } : {}),
      ...stream,
      Index: index,
      IsExternal: isExternal(stream),
    }),
  );
}

const isExternal = ({ Path }: Dto): boolean => Path !== undefined;

const videoStream = (item: FakeItem): Dto => ({
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
});

const audioStream = (track: FakeItem["audio"][number], isFirst: boolean): Dto => ({
  Codec: track.codec,
  Language: track.language,
  VideoRange: "Unknown",
  VideoRangeType: "Unknown",
  DisplayTitle: `${track.language} - ${track.codec.toUpperCase()}`,
  BitRate: 192_000,
  Channels: track.channels,
  SampleRate: 48_000,
  IsDefault: isFirst,
  Type: "Audio",
  IsTextSubtitleStream: false,
  SupportsExternalStream: false,
  ...(track.externalPath === undefined ? {} : { Path: track.externalPath }),
});

const subtitleStream = (track: FakeSubtitle, isFirst: boolean): Dto => ({
  Codec: track.codec,
  Language: track.language,
  VideoRange: "Unknown",
  VideoRangeType: "Unknown",
  DisplayTitle: `${track.language} - ${track.codec.toUpperCase()}`,
  IsDefault: isFirst,
  Type: "Subtitle",
  IsTextSubtitleStream: isText(track),
  SupportsExternalStream: true,
  ...(track.externalPath === undefined ? {} : { Path: track.externalPath }),
});

/** One source of an item, as item details carry it. */
export function mediaSource(item: FakeItem, version: FakeVersion): Dto {
  const streams = mediaStreams(item, version);
  return {
    Protocol: item.url === undefined ? "File" : "Http",
    Id: item.id,
    Path: item.url ?? item.path,
    Type: "Default",
    Container: item.path.replace(/^.*\./, ""),
    Size: 77_257_464,
    Name: item.name,
    IsRemote: item.url !== undefined,
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
    MediaStreams: streams,
    MediaAttachments: [],
    Formats: [],
    Bitrate: item.bitrate,
    RequiredHttpHeaders: {},
    TranscodingSubProtocol: "http",
    DefaultAudioStreamIndex: streams.find(
      (stream) => stream["Type"] === "Audio" && stream["IsExternal"] === false,
    )?.["Index"],
    HasSegments: item.segments.length > 0,
  };
}

/** An item and its further versions, in Jellyfin's order: the one that is shown first. */
export const versionsOf = (item: FakeItem, among: readonly FakeItem[] = []): FakeItem[] => [
  item,
  ...among.filter(({ primaryId }) => primaryId === item.id),
];

/** An item as lists and `GET /Items/{id}` answer it; `Path` and the sources only when asked for. */
export function itemDto(
  item: FakeItem,
  version: FakeVersion,
  has: {
    readonly path: boolean;
    readonly user: FakeUserData | undefined;
    /** All items, among which its further versions are. */
    readonly among?: readonly FakeItem[];
  },
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
          MediaSources: versionsOf(item, has.among).map((each) => mediaSource(each, version)),
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
    ImageTags: imageTags(item),
    Width: item.video.width,
    Height: item.video.height,
    LocationType: "FileSystem",
    MediaType: item.type === "Audio" ? "Audio" : "Video",
  };
}

const userDataDto = (item: FakeItem, user: FakeUserData, version: FakeVersion): Dto => ({
  PlaybackPositionTicks: user.positionTicks,
  PlayCount: user.playCount ?? (user.played ? 1 : 0),
  ...(user.lastPlayedDate === undefined ? {} : { LastPlayedDate: user.lastPlayedDate }),
  IsFavorite: user.favourite,
  Played: user.played,
  Key: dashed(item.id),
  ...(isNewerThan(version, "10.10") ? { ItemId: item.id } : {}),
});

export const SERVER_ID = "8f7ff51b5be64cbd852c9bea6dd16c80";
