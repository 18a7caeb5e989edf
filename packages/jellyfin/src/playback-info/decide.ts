import type { FilmWish } from "@upreel/core";
import { parseItemId } from "../item-id.ts";
import { indexInFile } from "../streams/index-in-file.ts";
import { passReason, type PassReason } from "./pass-reason.ts";
import { hlsProfile, soundWish, type SoundWish } from "./sound-wish.ts";
import {
  type MediaSource,
  type MediaStream,
  type PlaybackAnswer,
  type PlaybackRequest,
} from "./schema.ts";
import { TICKS_PER_SECOND } from "../ticks.ts";

/** The pictures of a film. */
export interface MoviePicture {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/** What the client is about to play and how, when nothing speaks against upscaling it. */
export interface PlaybackCandidate {
  readonly playSessionId: string;
  readonly sourceId: string;
  /** As Jellyfin sees it. */
  readonly path: string;
  /** Empty when Jellyfin gives none. */
  readonly title: string;
  /** As Jellyfin says; undefined where it does not. */
  readonly picture: MoviePicture | undefined;
  readonly startSeconds: number;
  /** Jellyfin's index of the chosen sound; undefined: nobody chose one, so the film's own is played. */
  readonly audioIndex: number | undefined;
  /** Index of the same sound among the streams of the file, as ffprobe counts them. */
  readonly fileAudioIndex: number | undefined;
  /** Undefined: stereo. */
  readonly sound: SoundWish | undefined;
  /** Jellyfin's index of the subtitles that are shown; -1: none. */
  readonly subtitleIndex: number;
  /** How it is made for this viewer; absent: as the settings say. */
  readonly wish?: FilmWish;
}

export type PlaybackDecision =
  | { readonly kind: "upscale"; readonly candidate: PlaybackCandidate }
  | { readonly kind: "pass"; readonly reason: PassReason };

export interface DecideOptions {
  /** Short side in pixels from which on a picture is not enlarged. */
  readonly maxOutputHeight: number;
}

/**
 * Judges a PlaybackInfo exchange by what it says alone; the disk and the machine are asked later.
 * Anything that is not understood is passed: a client that plays the original misses nothing but pixels.
 */
export function decidePlayback(
  request: PlaybackRequest,
  answer: PlaybackAnswer,
  options: DecideOptions,
): PlaybackDecision {
  const source = chosenSource(request, answer);
  if (source === undefined)
    return pass("unknown_answer", "Jellyfin's answer holds no source that could be played");
  const subtitleIndex = request.SubtitleStreamIndex ?? source.DefaultSubtitleStreamIndex ?? -1;
  const audio = chosenAudio(request, source);
  const reason =
    requestRefusal(request) ??
    sourceRefusal(source, options) ??
    bitrateRefusal(request, source) ??
    audioRefusal(audio) ??
    subtitleRefusal(request, source, subtitleIndex);
  if (reason !== undefined) return { kind: "pass", reason };
  return {
    kind: "upscale",
    candidate: {
      playSessionId: answer.PlaySessionId,
      sourceId: source.Id,
      path: source.Path ?? "",
      title: source.Name ?? "",
      picture: pictureOf(source),
      startSeconds: Math.max(0, request.StartTimeTicks ?? 0) / TICKS_PER_SECOND,
      audioIndex: audio?.Index,
      fileAudioIndex: indexInFile(source.MediaStreams, audio?.Index),
      sound: soundWish(request, audio),
      subtitleIndex,
    },
  };
}

const pass = (...reason: Parameters<typeof passReason>): PlaybackDecision => ({
  kind: "pass",
  reason: passReason(...reason),
});

/** The one asked for by id; else the first, which is the default version of an item. */
function chosenSource(request: PlaybackRequest, answer: PlaybackAnswer): MediaSource | undefined {
  const wanted = parseItemId(request.MediaSourceId ?? "");
  if (wanted === undefined) return answer.MediaSources[0];
  return answer.MediaSources.find(({ Id }) => parseItemId(Id) === wanted);
}

/**
 * Without an index in the request, or with -1, Jellyfin's default counts, as it does for direct play.
 * Undefined where neither names one: the film's own sound, which may not be its first.
 */
function chosenAudio(request: PlaybackRequest, source: MediaSource): MediaStream | undefined {
  const tracks = source.MediaStreams.filter(({ Type }) => Type === "Audio");
  const byIndex = (wanted: number | null | undefined): MediaStream | undefined =>
    tracks.find(({ Index }) => Index === wanted);
  return byIndex(request.AudioStreamIndex) ?? byIndex(source.DefaultAudioStreamIndex);
}

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

function pictureOf(source: MediaSource): MoviePicture | undefined {
  const video = source.MediaStreams.find(({ Type }) => Type === "Video");
  const { Width: width, Height: height, RealFrameRate: rate } = video ?? {};
  if (!width || !height) return undefined;
  return { width, height, framesPerSecond: rate ?? USUAL_RATE };
}

/** What levels are worked out by where Jellyfin does not know the rate. */
const USUAL_RATE = 30;

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
