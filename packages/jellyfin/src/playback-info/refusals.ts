import { passReason, type PassReason } from "./pass-reason.ts";
import type { MediaSource, MediaStream, PlaybackRequest } from "./schema.ts";
import { hlsProfile } from "./sound-wish.ts";

export interface DecideOptions {
  /** Short side in pixels from which on a picture is not enlarged. */
  readonly maxOutputHeight: number;
}

/** What is about to be played. */
interface Choice {
  readonly source: MediaSource;
  readonly audio: MediaStream | undefined;
  /** Jellyfin's index of the subtitles that are shown; -1: none. */
  readonly subtitleIndex: number;
}

/** What speaks against upscaling it; undefined: nothing. */
export const refusalOf = (
  request: PlaybackRequest,
  { source, audio, subtitleIndex }: Choice,
  options: DecideOptions,
): PassReason | undefined =>
  requestRefusal(request) ??
  sourceRefusal(source, options) ??
  bitrateRefusal(request, source) ??
  audioRefusal(audio) ??
  subtitleRefusal(request, source, subtitleIndex);

function requestRefusal(request: PlaybackRequest): PassReason | undefined {
  const { DeviceProfile: profile } = request;
  if (request.IsPlayback === false || request.EnableTranscoding === false)
    return passReason("unknown_request", "the client does not ask for a stream to play");
  if (profile === undefined || profile === null)
    return passReason("unknown_request", "the client does not say what it can play");
  if (hlsProfile(profile) === undefined)
    return passReason("client_without_hls", "the client does not say that it plays H.264 over HLS");
  return undefined;
}

function sourceRefusal(
  source: MediaSource,
  { maxOutputHeight }: DecideOptions,
): PassReason | undefined {
  if (source.IsInfiniteStream === true || source.RequiresOpening === true || source.LiveStreamId)
    return passReason("live_tv", "live television is not upscaled");
  const video = source.MediaStreams.find(({ Type }) => Type === "Video");
  if (video === undefined) return passReason("not_a_video", "there are no moving pictures in it");
  const isFile =
    source.Protocol === "File" &&
    source.IsRemote !== true &&
    source.Type !== "Placeholder" &&
    source.Path;
  if (!isFile || (source.VideoType ?? "VideoFile") !== "VideoFile")
    return passReason("not_a_file", "it is not one video file (a disc folder, a remote address)");
  if ((source.RunTimeTicks ?? 0) <= 0)
    return passReason("no_length", "Jellyfin does not know its length: scan the library again");
  if (video.VideoRange === "HDR" && !isToneMapped(source))
    return passReason("hdr", "it is HDR, which this player shows; upscaled it would be SDR");
  const shortSide = Math.min(video.Width ?? 0, video.Height ?? 0);
  if (shortSide >= maxOutputHeight)
    return passReason(
      "already_large",
      `the picture is ${video.Width}×${video.Height} already (MAX_OUTPUT_HEIGHT is ${maxOutputHeight})`,
    );
  return undefined;
}

/** Whether Jellyfin makes SDR of it for this client: then SDR is all that the client can show. */
const isToneMapped = ({ TranscodingUrl: url }: MediaSource): boolean =>
  url?.includes("VideoRangeTypeNotSupported") === true;

/** Bits a second that the client wants at most. */
export const bitrateLimit = ({ MaxStreamingBitrate, DeviceProfile }: PlaybackRequest): number =>
  MaxStreamingBitrate ?? DeviceProfile?.MaxStreamingBitrate ?? Number.POSITIVE_INFINITY;

/** More pixels never take fewer bits than the source has: who wants less than that wants no upscale. */
function bitrateRefusal(request: PlaybackRequest, source: MediaSource): PassReason | undefined {
  const limit = bitrateLimit(request);
  const bitrate = source.Bitrate ?? 0;
  if (bitrate <= limit) return undefined;
  return passReason(
    "client_bitrate",
    `the client wants at most ${kbps(limit)}, the original alone has ${kbps(bitrate)}`,
  );
}

export const kbps = (bitsPerSecond: number): string => `${Math.round(bitsPerSecond / 1000)} kbit/s`;

function audioRefusal(audio: MediaStream | undefined): PassReason | undefined {
  if (audio?.IsExternal !== true) return undefined;
  return passReason("audio_in_other_file", "the chosen sound is in a file of its own");
}

function subtitleRefusal(
  request: PlaybackRequest,
  source: MediaSource,
  index: number,
): PassReason | undefined {
  const chosen = source.MediaStreams.find(
    ({ Type, Index }) => Type === "Subtitle" && Index === index,
  );
  if (chosen === undefined) return undefined;
  if (chosen.IsTextSubtitleStream !== true)
    return passReason("subtitles_are_images", "the chosen subtitles are pictures");
  if (chosen.DeliveryMethod === "Encode" || request.AlwaysBurnInSubtitleWhenTranscoding === true)
    return passReason("subtitles_burned_in", "the chosen subtitles must be drawn into the picture");
  return undefined;
}
