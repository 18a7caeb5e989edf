import { randomBytes } from "node:crypto";
import { dashed, type FakeItem } from "./catalogue.ts";
import { mediaSource, mediaStreams } from "./item-dto.ts";
import { parseId } from "./parse-id.ts";
import { isNewerThan, type FakeVersion } from "./version.ts";

type Dto = Record<string, unknown>;

interface Asker {
  readonly version: FakeVersion;
  readonly token: string;
  readonly deviceId: string;
}

/** What the server makes of a PlaybackInfo request; the fields it reads of the posted body. */
export function playbackInfo(versions: readonly FakeItem[], asked: Dto, from: Asker): Dto {
  const playSessionId = randomBytes(16).toString("hex");
  const wanted = asked["MediaSourceId"];
  const named =
    typeof wanted === "string" ? versions.filter(({ id }) => id === parseId(wanted)) : [];
  const chosen = named.length === 0 ? versions : named;
  const MediaSources = chosen.map((item) => playableSource(item, asked, playSessionId, from));
  return { MediaSources, PlaySessionId: playSessionId };
}

function playableSource(item: FakeItem, asked: Dto, playSessionId: string, from: Asker): Dto {
  const audio = wantedIndex(asked["AudioStreamIndex"]);
  const subtitle = wantedIndex(asked["SubtitleStreamIndex"]);
  const isDirect = item.directPlay && asked["EnableDirectPlay"] !== false;
  const source: Dto = {
    ...mediaSource(item, from.version),
    SupportsDirectPlay: isDirect,
    SupportsDirectStream: isDirect && asked["EnableDirectStream"] !== false,
    MediaStreams: deliveredStreams(item, asked, from),
    ...(audio === undefined ? {} : { DefaultAudioStreamIndex: audio }),
    ...(subtitle === undefined ? {} : { DefaultSubtitleStreamIndex: subtitle }),
  };
  if (isDirect) return source;
  const query = new URLSearchParams({
    DeviceId: from.deviceId,
    MediaSourceId: item.id,
    VideoCodec: "av1,h264,vp9",
    AudioCodec: "aac,opus,flac",
    ...(audio === undefined ? {} : { AudioStreamIndex: String(audio) }),
    SegmentContainer: "mp4",
    PlaySessionId: playSessionId,
    [isNewerThan(from.version, "10.10") ? "ApiKey" : "api_key"]: from.token,
    TranscodeReasons:
      asked["EnableDirectPlay"] === false ? "DirectPlayError" : "AudioCodecNotSupported",
    ...(asked["AllowVideoStreamCopy"] === false ? { allowVideoStreamCopy: "false" } : {}),
  });
  return {
    ...source,
    TranscodingUrl: `/videos/${dashed(item.id)}/master.m3u8?${query.toString()}`,
    TranscodingSubProtocol: "hls",
    TranscodingContainer: "mp4",
  };
}

/** The web client sends indexes as strings at first and as numbers later. */
function wantedIndex(value: unknown): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return Number(value);
}

/** Subtitles are delivered as the client's profile allows: beside the stream, in it, or burned in. */
function deliveredStreams(
  item: FakeItem,
  asked: Dto,
  from: { readonly version: FakeVersion; readonly token: string },
): Dto[] {
  const external = externalFormat(asked["DeviceProfile"]);
  return mediaStreams(item, from.version).map((stream) => {
    if (stream["Type"] !== "Subtitle") return stream;
    if (stream["IsTextSubtitleStream"] !== true) return { ...stream, DeliveryMethod: "Encode" };
    if (external === undefined) return { ...stream, DeliveryMethod: "Embed" };
    const index = String(stream["Index"]);
    return {
      ...stream,
      DeliveryMethod: "External",
      DeliveryUrl: `/Videos/${dashed(item.id)}/${item.id}/Subtitles/${index}/0/Stream.${external}?ApiKey=${from.token}`,
      IsExternalUrl: false,
    };
  });
}

function externalFormat(profile: unknown): string | undefined {
  if (typeof profile !== "object" || profile === null) return undefined;
  const list: unknown = Reflect.get(profile, "SubtitleProfiles");
  if (!Array.isArray(list)) return undefined;
  const found: unknown = list.find((entry: Dto) => entry["Method"] === "External");
  return typeof found === "object" && found !== null
    ? String(Reflect.get(found, "Format"))
    : undefined;
}
