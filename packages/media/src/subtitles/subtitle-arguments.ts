import { told, type DrawnFormat, type FilmPart, type Source, type Told } from "@upreel/core";
import { fileUrl, sidecarInput } from "../ffmpeg/media-input.ts";
import { partInput } from "../ffmpeg/part-input.ts";

export interface SubtitleRequest {
  readonly source: Source;
  /** The part of the film that they are read from. */
  readonly part: FilmPart;
  /** The index of the stream in the file. */
  readonly index: number;
  /** Cues of this part that begin in [fromSeconds, toSeconds) of the film, and some from before. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** The WebVTT file to write. */
  readonly target: string;
}

const TEXT_CODECS = new Set([
  ...["subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text"],
  ...["microdvd", "mpl2", "pjs", "realtext", "sami", "stl", "subviewer", "subviewer1", "jacosub"],
]);
const PICTURE_CODECS = new Set(["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub"]);

/** Why a subtitle track cannot be WebVTT; undefined when it can. */
export function whyNoText(codec: string): Told | undefined {
  if (TEXT_CODECS.has(codec)) return undefined;
  return told(PICTURE_CODECS.has(codec) ? "track_pictures" : "track_unknown", { codec });
}

/** The format in which a track can be drawn over the picture; undefined: it is plain text, or cannot be drawn. */
export function drawnFormat(codec: string): DrawnFormat | undefined {
  if (codec === "ass" || codec === "ssa") return "ass";
  return PICTURE_CODECS.has(codec) ? "pgs" : undefined;
}

/** Whether its pictures have to be converted to the format that they are drawn in. */
export const isOtherPictures = (codec: string): boolean =>
  PICTURE_CODECS.has(codec) && codec !== "hdmv_pgs_subtitle";

/** A track in a file beside the film, whose clock begins with the film. */
export interface SubtitleFile {
  readonly path: string;
  /** The index of the stream in that file. */
  readonly index: number;
}

/** ffmpeg arguments that write all of a track beside the film in another format. */
export function besideSubtitleArguments(
  { path, index }: SubtitleFile,
  format: "webvtt" | DrawnFormat,
  target: string,
): string[] {
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts"],
    ...[...sidecarInput(path), "-map", `0:${index}`, "-c:s", format === "webvtt" ? format : "copy"],
    ...["-f", format === "pgs" ? "sup" : format, fileUrl(target)],
  ];
}

/** How long before the wanted cues reading begins: a seek goes by the pictures, and cues that are still shown there began earlier. */
const MARGIN_SECONDS = 30;

/** ffmpeg arguments that write cues of one text track as WebVTT, with times of the film. */
export function subtitleArguments(request: SubtitleRequest): string[] {
  const { source, part, index, target } = request;
  const fromSeconds = Math.max(request.fromSeconds, part.startSeconds) - MARGIN_SECONDS;
  const toSeconds = Math.min(request.toSeconds, part.endSeconds);
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts"],
    ...partInput(source, part, { fromSeconds, zeroSeconds: 0 }),
    ...["-map", `0:${index}`, "-to", toSeconds.toFixed(6)],
    ...["-c:s", "webvtt", "-f", "webvtt", fileUrl(target)],
  ];
}

/** ffmpeg arguments that copy one whole track of a film in one part into a file of its own, with times of the film. */
export function drawnSubtitleArguments(request: {
  readonly source: Source;
  readonly part: FilmPart;
  readonly index: number;
  readonly format: DrawnFormat;
  readonly target: string;
}): string[] {
  const { source, part, index, format, target } = request;
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts"],
    ...partInput(source, part, { zeroSeconds: 0 }),
    ...["-map", `0:${index}`, "-to", part.endSeconds.toFixed(6), "-c:s", "copy"],
    // Cues that began before the film keep their times; by default ffmpeg would move the whole track.
    ...["-avoid_negative_ts", "disabled", "-f", format === "ass" ? "ass" : "sup", fileUrl(target)],
  ];
}
