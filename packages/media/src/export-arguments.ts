import {
  PTS_OFFSET_FRAMES,
  frameSeconds,
  timelinePieces,
  type Source,
  type Timeline,
} from "@upreel/core";
import { fileUrl, filmInput, sidecarInput } from "./media-input.ts";
import type { Sidecar, SidecarTrack } from "./sidecars.ts";

export interface ExportRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  /** The finished film, whose pictures are taken. */
  readonly archive: string;
  readonly format: ExportFormat;
  readonly target: string;
  /** Sounds and subtitles that lie beside the source. */
  readonly sidecars?: readonly Sidecar[];
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

/** A track that goes into the export, by the number of ffmpeg's input that has it. */
interface TakenTrack {
  readonly input: number;
  readonly index: number;
  readonly codec: string;
  /** What a file beside the source says by its name; tracks of the source bring it along. */
  readonly named?: SidecarTrack;
}

/**
 * ffmpeg arguments that put the pictures of a finished film beside all sound, subtitles and chapters of
 * its source, and those that lie beside it. Nothing is encoded but subtitles in the format's own kind of
 * text.
 */
export function planExport(request: ExportRequest): ExportPlan {
  const { source, timeline, archive, format, target, sidecars = [] } = request;
  const leftOut: string[] = [];
  const beside = sidecars.flatMap(({ tracks }, at) =>
    tracks.map((named): TakenTrack & { kind: string; language: string | undefined } => ({
      ...{ input: 2 + at, index: named.index, codec: named.codec, named },
      ...{ kind: named.kind, language: named.language },
    })),
  );
  // Tracks of the source are copied with one offset: behind a jump of its clock they would be out of step.
  const isOneClock = timelinePieces(timeline).length === 1;
  const take = (kind: "audio" | "subtitle"): TakenTrack[] => {
    const own = kind === "audio" ? source.audio : source.subtitles;
    if (!isOneClock) leftOut.push(...own.map((track) => `${nameTrack(kind, track)}: ${JUMPS}`));
    const all = [
      ...(isOneClock ? own : []).map((track) => ({ ...track, input: 1 })),
      ...beside.filter((track) => track.kind === kind),
    ];
    return all.flatMap((track) => {
      const codec =
        kind === "audio" ? audioCodec(track.codec, format) : subtitleCodec(track.codec, format);
      if (codec === undefined) leftOut.push(describe(kind, track, format));
      return codec === undefined ? [] : [{ ...track, codec }];
    });
  };
  const audio = take("audio");
  const subtitles = take("subtitle");
  const offset = frameSeconds(timeline, PTS_OFFSET_FRAMES);
  const args = [
    ...["-nostdin", "-hide_banner", "-loglevel", "warning", "-y", "-copyts"],
    ...filmInput(archive, "-itsoffset", (-offset).toFixed(6)),
    ...filmInput(source.path, "-itsoffset", (-timeline.zeroMicros / 1e6).toFixed(6)),
    // The clock of a file beside a film begins with the film.
    ...sidecars.flatMap(({ path }) => sidecarInput(path)),
    ...["-map", "0:v:0", ...(isOneClock ? [] : ["-map", "0:a:0?"])],
    ...[...audio, ...subtitles].flatMap(({ input, index }) => ["-map", `${input}:${index}`]),
    // Fonts of styled subtitles.
    ...(format === "mkv" ? ["-map", "1:t?"] : []),
    ...["-map_chapters", isOneClock ? "1" : "-1", "-map_metadata", "1", "-c", "copy"],
    ...audio.flatMap((track, at) => nameOf(track, `a:${isOneClock ? at : at + 1}`)),
    ...subtitles.flatMap((track, at) => [`-c:s:${at}`, track.codec, ...nameOf(track, `s:${at}`)]),
    // TrueHD in MP4 needs it.
    ...["-strict", "experimental"],
    ...(format === "mp4" ? ["-movflags", "+faststart", "-f", "mp4"] : ["-f", "matroska"]),
    fileUrl(target),
  ];
  return { args, leftOut };
}

function nameOf({ named }: TakenTrack, track: string): string[] {
  if (named === undefined) return [];
  const { language, title, dispositions } = named;
  return [
    ...(language === undefined ? [] : [`-metadata:s:${track}`, `language=${language}`]),
    ...(title === undefined ? [] : [`-metadata:s:${track}`, `title=${title}`]),
    ...[`-disposition:${track}`, dispositions.length === 0 ? "0" : dispositions.join("+")],
  ];
}

/** `copy`, or undefined where there is no way to keep it. */
function audioCodec(codec: string, format: ExportFormat): string | undefined {
  const fits = format === "mp4" ? MP4_AUDIO.has(codec) : !NOT_MKV_AUDIO.has(codec);
  return fits ? "copy" : undefined;
}

/** `copy`, what the track is turned into, or undefined where there is no way to keep it. */
function subtitleCodec(codec: string, format: ExportFormat): string | undefined {
  if (format === "mp4") return TEXT_SUBTITLES.has(codec) ? "mov_text" : undefined;
  if (MKV_SUBTITLES.has(codec)) return "copy";
  return TEXT_SUBTITLES.has(codec) ? "subrip" : undefined;
}

const JUMPS =
  "the recording's clock jumps, so the export has the sound of the upscaled film in its place";

interface NamedTrack {
  readonly index: number;
  readonly codec: string;
  readonly language?: string | undefined;
}

const nameTrack = (kind: "audio" | "subtitle", track: NamedTrack): string =>
  `${kind === "audio" ? "sound" : "subtitles"} ${track.index}${track.language === undefined ? "" : ` (${track.language})`}`;

const describe = (kind: "audio" | "subtitle", track: NamedTrack, format: ExportFormat): string =>
  `${nameTrack(kind, track)}: ${format} cannot hold ${track.codec}`;
