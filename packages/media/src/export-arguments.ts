import { PTS_OFFSET_FRAMES, frameSeconds, type Source, type Timeline } from "@upreel/core";
import { fileUrl, filmInput } from "./media-input.ts";

export interface ExportRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  /** The finished film, whose pictures are taken. */
  readonly archive: string;
  readonly format: ExportFormat;
  readonly target: string;
}
export type ExportFormat = "mkv" | "mp4";

export interface ExportPlan {
  readonly args: readonly string[];
  /** Tracks of the source that the format cannot hold, in words for people. */
  readonly leftOut: readonly string[];
}

/** Sound that MP4 can hold (ISO/IEC 14496-14 and registrations at mp4ra.org, as ffmpeg writes them). */
const MP4_AUDIO = new Set(
  "aac ac3 eac3 mp3 mp2 mp1 alac flac opus dts truehd vorbis amr_nb amr_wb".split(" "),
);
/** Raw sound of discs has no name in Matroska. */
const NOT_MKV_AUDIO = new Set(["pcm_bluray", "pcm_dvd", "pcm_vidc"]);
const TEXT_SUBTITLES = new Set(["subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text"]);
const MKV_SUBTITLES = new Set(
  "subrip srt ass ssa webvtt hdmv_pgs_subtitle hdmv_text_subtitle dvd_subtitle dvb_subtitle".split(
    " ",
  ),
);

/**
 * ffmpeg arguments that put the pictures of a finished film beside all sound, subtitles and chapters of
 * its source. Nothing is encoded but subtitles in the format's own kind of text.
 */
export function planExport(request: ExportRequest): ExportPlan {
  const { source, timeline, archive, format, target } = request;
  const leftOut: string[] = [];
  const audio = source.audio.filter((track) => {
    const fits = format === "mp4" ? MP4_AUDIO.has(track.codec) : !NOT_MKV_AUDIO.has(track.codec);
    if (!fits) leftOut.push(describe("sound", track, format));
    return fits;
  });
  const subtitles = source.subtitles.flatMap((track) => {
    const codec = subtitleCodec(track.codec, format);
    if (codec === undefined) leftOut.push(describe("subtitles", track, format));
    return codec === undefined ? [] : [{ index: track.index, codec }];
  });
  const offset = frameSeconds(timeline, PTS_OFFSET_FRAMES);
  const args = [
    ...["-nostdin", "-hide_banner", "-loglevel", "warning", "-y", "-copyts"],
    ...filmInput(archive, "-itsoffset", (-offset).toFixed(6)),
    ...filmInput(source.path, "-itsoffset", (-timeline.zeroMicros / 1e6).toFixed(6)),
    ...["-map", "0:v:0", ...audio.flatMap(({ index }) => ["-map", `1:${index}`])],
    ...subtitles.flatMap(({ index }) => ["-map", `1:${index}`]),
    // Fonts of styled subtitles.
    ...(format === "mkv" ? ["-map", "1:t?"] : []),
    ...["-map_chapters", "1", "-map_metadata", "1", "-c", "copy"],
    ...subtitles.flatMap(({ codec }, at) => [`-c:s:${at}`, codec]),
    // TrueHD in MP4 needs it.
    ...["-strict", "experimental"],
    ...(format === "mp4" ? ["-movflags", "+faststart", "-f", "mp4"] : ["-f", "matroska"]),
    fileUrl(target),
  ];
  return { args, leftOut };
}

/** `copy`, what the track is turned into, or undefined where there is no way to keep it. */
function subtitleCodec(codec: string, format: ExportFormat): string | undefined {
  if (format === "mp4") return TEXT_SUBTITLES.has(codec) ? "mov_text" : undefined;
  if (MKV_SUBTITLES.has(codec)) return "copy";
  return TEXT_SUBTITLES.has(codec) ? "subrip" : undefined;
}

const describe = (
  what: string,
  track: { readonly index: number; readonly codec: string; readonly language?: string | undefined },
  format: ExportFormat,
): string =>
  `${what} ${track.index}${track.language === undefined ? "" : ` (${track.language})`}: ` +
  `${format} cannot hold ${track.codec}`;
