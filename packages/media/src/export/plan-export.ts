import {
  PTS_OFFSET_FRAMES,
  durationSeconds,
  filmPartAt,
  frameSeconds,
  type AudioTrack,
  type Source,
  type Timeline,
} from "@upreel/core";
import { fileUrl, filmInput, ownInput, sidecarInput } from "../ffmpeg/media-input.ts";
import { partInput } from "../ffmpeg/part-input.ts";
import type { Sidecar, SidecarTrack } from "../tracks/sidecars.ts";
import { clipAt } from "./clip-at.ts";
import { audioCodec, subtitleCodec, type ExportFormat } from "./exportable.ts";
import type { LaidTracks } from "./lay-tracks.ts";

export interface ExportRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  /** The finished film, whose pictures are taken. */
  readonly archive: string;
  readonly format: ExportFormat;
  readonly target: string;
  /** What `chaptersFile` says, in a file. */
  readonly chapters: string;
  /** Tracks of the source that cannot be copied from it. */
  readonly laid: LaidTracks;
  /** Sounds and subtitles that lie beside the source. */
  readonly sidecars?: readonly Sidecar[];
}

export interface ExportPlan {
  readonly args: readonly string[];
  /** Tracks of the source that the format cannot hold, in words for people. */
  readonly leftOut: readonly string[];
}

/** A track that may go into the export. */
interface OfferedTrack {
  readonly kind: "audio" | "subtitle";
  /** In its file. */
  readonly index: number;
  readonly codec: string;
  readonly language?: string | undefined;
  /** The input of ffmpeg that has it, and its place there. */
  readonly input: readonly string[];
  readonly place: number;
  /** What it is called; tracks that are copied from the source bring that along. */
  readonly named: Pick<SidecarTrack, "language" | "title" | "dispositions"> | undefined;
  /** Why it cannot be taken, whatever the format. */
  readonly whyNot?: string;
}

/**
 * ffmpeg arguments that put the pictures of a finished film beside all sound, subtitles and chapters of
 * its source, and those that lie beside it. Nothing is encoded here but subtitles in the format's own
 * kind of text.
 */
export function planExport(request: ExportRequest): ExportPlan {
  const { timeline, format } = request;
  const inputs = inputsOf(request);
  const leftOut: string[] = [];
  const take = (kind: OfferedTrack["kind"]) =>
    inputs.tracks.flatMap((track) => {
      if (track.kind !== kind) return [];
      const codec = (kind === "audio" ? audioCodec : subtitleCodec)(track.codec, format);
      if (codec !== undefined && track.whyNot === undefined) return [{ ...track, codec }];
      const isHeld = codec !== undefined;
      const why = isHeld ? track.whyNot : `${format} cannot hold ${track.codec}`;
      leftOut.push(`${nameTrack(track)}: ${why}`);
      return [];
    });
  const audio = take("audio");
  const subtitles = take("subtitle");
  const tracks = [...audio, ...subtitles];
  const { archive, source, chapters } = inputs;
  // Archive and source are the first two, however many tracks come from the source.
  const all = [...new Set([archive, source, ...tracks.map(({ input }) => input), chapters])];
  const end = durationSeconds(timeline);
  const args = [
    ...["-nostdin", "-hide_banner", "-loglevel", "warning", "-y", "-copyts", ...all.flat()],
    ...["-map", "0:v:0"],
    ...tracks.flatMap(({ input, place }) => ["-map", `${all.indexOf(input)}:${place}`]),
    // Fonts of styled subtitles.
    ...(format === "mkv" ? ["-map", "1:t?"] : []),
    ...["-map_chapters", String(all.indexOf(chapters)), "-map_metadata", "1", "-c", "copy"],
    ...audio.flatMap((track, at) => nameOf(track, `a:${at}`)),
    ...subtitles.flatMap((track, at) => [
      ...[`-c:s:${at}`, track.codec, ...nameOf(track, `s:${at}`)],
      ...(track.codec === "copy" ? [`-bsf:s:${at}`, clipAt(end)] : []),
    ]),
    // A word that is shown behind the last picture makes no film longer.
    ...["-to", end.toFixed(6)],
    // TrueHD in MP4 needs it.
    ...["-strict", "experimental"],
    ...(format === "mp4" ? ["-movflags", "+faststart", "-f", "mp4"] : ["-f", "matroska"]),
    fileUrl(request.target),
  ];
  return { args, leftOut };
}

interface ExportInputs {
  readonly archive: readonly string[];
  readonly source: readonly string[];
  readonly chapters: readonly string[];
  readonly tracks: readonly OfferedTrack[];
}

function inputsOf(request: ExportRequest): ExportInputs {
  const { source, timeline, archive, sidecars = [] } = request;
  const zeroSeconds = frameSeconds(timeline, PTS_OFFSET_FRAMES);
  // All of the file: where its clock jumps nothing but fonts is taken from it.
  const film = partInput(
    source,
    { ...filmPartAt(timeline, 0), bytes: undefined },
    { zeroSeconds: 0 },
  );
  // The clock of a file beside a film begins with the film.
  const beside = sidecars.flatMap(({ path, tracks }) => {
    const input = sidecarInput(path);
    return tracks.map((named) => ({ ...named, input, place: named.index, named }));
  });
  return {
    archive: filmInput(archive, "-itsoffset", (-zeroSeconds).toFixed(6)),
    source: film,
    chapters: ownInput(request.chapters, "ffmetadata"),
    tracks: [...ownTracks(request, film), ...beside],
  };
}

/** The source's tracks: copied from it, or from the files that they were laid in. */
function ownTracks({ source, laid }: ExportRequest, input: readonly string[]): OfferedTrack[] {
  const take = (
    kind: OfferedTrack["kind"],
    track: AudioTrack | Source["subtitles"][number],
    placed: LaidTracks["sounds"],
  ): OfferedTrack => {
    const own = { ...track, kind, input, place: track.index };
    if (placed === undefined) return { ...own, named: undefined };
    const found = placed.find(({ index }) => index === track.index);
    const named = namesOf(track);
    if (found !== undefined) return { ...own, ...found, named };
    const whyNot =
      kind === "audio" ? "the file does not say how it sounds" : "they could not be read";
    return { ...own, named, whyNot };
  };
  return [
    ...source.audio.map((track) => take("audio", track, laid.sounds)),
    ...source.subtitles.map((track) => take("subtitle", track, laid.subtitles)),
  ];
}

const namesOf = (track: AudioTrack | Source["subtitles"][number]): OfferedTrack["named"] => ({
  ...{ language: track.language, title: track.title },
  dispositions: [
    ...(track.isDefault ? ["default"] : []),
    ...("isForced" in track && track.isForced ? ["forced"] : []),
    ...("isAside" in track && track.isAside === true ? ["comment"] : []),
  ],
});

function nameOf({ named }: OfferedTrack, track: string): string[] {
  if (named === undefined) return [];
  const { language, title, dispositions } = named;
  return [
    ...(language === undefined ? [] : [`-metadata:s:${track}`, `language=${language}`]),
    ...(title === undefined ? [] : [`-metadata:s:${track}`, `title=${title}`]),
    ...[`-disposition:${track}`, dispositions.length === 0 ? "0" : dispositions.join("+")],
  ];
}

const nameTrack = ({ kind, index, language }: OfferedTrack): string =>
  `${kind === "audio" ? "sound" : "subtitles"} ${index}${language === undefined ? "" : ` (${language})`}`;
