import type { PlaybackCandidate } from "./decide.ts";
import type { DeviceProfile, MediaSource, MediaStream, PlaybackAnswer } from "./schema.ts";

/** Jellyfin's names of text subtitle formats by codec. */
const FORMAT_OF: Readonly<Record<string, string>> = {
  subrip: "srt",
  srt: "srt",
  ass: "ass",
  ssa: "ssa",
  webvtt: "vtt",
  mov_text: "srt",
};

/**
 * The answer that makes a client play the upscaled stream: the chosen source alone, as a transcode
 * whose URL is ours. Ids, length, streams and the play session stay, so that position, watched state
 * and reports stay as they were.
 */
export function rewriteAnswer(
  answer: PlaybackAnswer,
  { sourceId, playSessionId }: PlaybackCandidate,
  streamUrl: string,
  profile: DeviceProfile | null | undefined,
): PlaybackAnswer {
  const chosen = answer.MediaSources.filter(({ Id }) => Id === sourceId);
  return {
    ...answer,
    // As Jellyfin itself answers when a source is named. Clients prefer another version that plays directly.
    MediaSources: chosen.map((source) => ({
      ...source,
      SupportsDirectPlay: false,
      SupportsDirectStream: false,
      SupportsTranscoding: true,
      TranscodingUrl: `${streamUrl}${streamUrl.includes("?") ? "&" : "?"}PlaySessionId=${encodeURIComponent(playSessionId)}`,
      TranscodingSubProtocol: "hls",
      TranscodingContainer: "ts",
      MediaStreams: source.MediaStreams.map((stream) => deliverBeside(stream, source, profile)),
    })),
  };
}

/**
 * Subtitles that a client would find in the file itself are not in the stream: text comes from
 * Jellyfin beside it; pictures are marked as to be drawn in, for which clients ask anew.
 */
function deliverBeside(
  stream: MediaStream,
  source: MediaSource,
  profile: DeviceProfile | null | undefined,
): MediaStream {
  if (stream.Type !== "Subtitle" || !["Embed", "Hls"].includes(stream.DeliveryMethod ?? ""))
    return stream;
  if (stream.IsTextSubtitleStream !== true) return { ...stream, DeliveryMethod: "Encode" };
  const format = externalFormat(stream, profile);
  return {
    ...stream,
    DeliveryMethod: "External",
    IsExternalUrl: false,
    DeliveryUrl: `/Videos/${dashed(source.Id)}/${source.Id}/Subtitles/${stream.Index}/0/Stream.${format}`,
  };
}

/** The subtitles' own format if the client takes it as a file, else one that it takes. */
function externalFormat({ Codec }: MediaStream, profile: DeviceProfile | null | undefined): string {
  const taken = (profile?.SubtitleProfiles ?? [])
    .filter(({ Method }) => Method === "External")
    .flatMap(({ Format }) => FORMAT_OF[Format?.toLowerCase() ?? ""] ?? Format?.toLowerCase() ?? []);
  const own = FORMAT_OF[Codec?.toLowerCase() ?? ""] ?? "srt";
  if (taken.length === 0 || taken.includes(own)) return own;
  return ["srt", "vtt", "ass", "ssa"].find((format) => taken.includes(format)) ?? own;
}

/** Jellyfin's delivery URLs name the item with dashes; an id of another form stays as it is. */
const dashed = (id: string): string =>
  id.replace(/^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/, "$1-$2-$3-$4-$5");
