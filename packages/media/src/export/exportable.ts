export type ExportFormat = "mkv" | "mp4";

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

/** How a sound track goes into the format: `copy`, or undefined where there is no way to keep it. */
export function audioCodec(codec: string, format: ExportFormat): "copy" | undefined {
  const fits = format === "mp4" ? MP4_AUDIO.has(codec) : !NOT_MKV_AUDIO.has(codec);
  return fits ? "copy" : undefined;
}

/** `copy`, what the track is turned into, or undefined where there is no way to keep it. */
export function subtitleCodec(codec: string, format: ExportFormat): string | undefined {
  if (format === "mp4") return TEXT_SUBTITLES.has(codec) ? "mov_text" : undefined;
  if (MKV_SUBTITLES.has(codec)) return "copy";
  return TEXT_SUBTITLES.has(codec) ? "subrip" : undefined;
}
