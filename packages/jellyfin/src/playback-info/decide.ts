import type { FilmWish } from "@upreel/core";
import { parseItemId } from "../item-id.ts";
import { indexInFile } from "../streams/index-in-file.ts";
import { passReason, type PassReason } from "./pass-reason.ts";
import { refusalOf, type DecideOptions } from "./refusals.ts";
import { soundWish, type SoundWish } from "./sound-wish.ts";
import type { MediaSource, MediaStream, PlaybackAnswer, PlaybackRequest } from "./schema.ts";
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
  const reason = refusalOf(request, { source, audio, subtitleIndex }, options);
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

function pictureOf(source: MediaSource): MoviePicture | undefined {
  const video = source.MediaStreams.find(({ Type }) => Type === "Video");
  const { Width: width, Height: height, RealFrameRate: rate } = video ?? {};
  if (!width || !height) return undefined;
  return { width, height, framesPerSecond: rate ?? USUAL_RATE };
}

/** What levels are worked out by where Jellyfin does not know the rate. */
const USUAL_RATE = 30;
