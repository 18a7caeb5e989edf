import type { Source, Timeline } from "@upreel/core";
import { fileUrl, filmInput } from "./media-input.ts";

export interface SubtitleRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  /** Of the stream in the file. */
  readonly index: number;
  /** Cues that begin in [fromSeconds, toSeconds) of the timeline, and some from before. */
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
export function whyNoText(codec: string): string | undefined {
  if (TEXT_CODECS.has(codec)) return undefined;
  return PICTURE_CODECS.has(codec)
    ? `its subtitles are pictures (${codec}), which WebVTT cannot hold`
    : `ffmpeg cannot turn ${codec} into WebVTT`;
}

/** A seek finds the pictures, and cues that are still shown there began before. */
const MARGIN_SECONDS = 30;

/** ffmpeg arguments that write cues of one text track as WebVTT, on the timeline. */
export function subtitleArguments(request: SubtitleRequest): string[] {
  const { source, timeline, index, fromSeconds, toSeconds, target } = request;
  const seek = fromSeconds - MARGIN_SECONDS;
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts"],
    ...["-itsoffset", (-timeline.zeroMicros / 1e6).toFixed(6)],
    ...(seek > 0 ? ["-noaccurate_seek", "-ss", seek.toFixed(6)] : []),
    ...filmInput(source.path),
    ...["-map", `0:${index}`, "-to", toSeconds.toFixed(6)],
    ...["-c:s", "webvtt", "-f", "webvtt", fileUrl(target)],
  ];
}
