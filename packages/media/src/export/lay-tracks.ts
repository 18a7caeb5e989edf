import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  PTS_OFFSET_FRAMES,
  filmParts,
  frameSeconds,
  segmentCount,
  type AudioTrack,
  type FilmPart,
  type Source,
  type Timeline,
} from "@upreel/core";
import { audioArguments } from "../sound/audio-arguments.ts";
import { fileUrl, filmInput, generatedInput, ownInput } from "../ffmpeg/media-input.ts";
import { partInput } from "../ffmpeg/part-input.ts";
import { isAudible, planEncodedAudio } from "../sound/plan-audio.ts";
import { startEncoder } from "../sound/start-encoder.ts";
import { teeOutput } from "../ffmpeg/tee-output.ts";
import { startFfmpeg, type FfmpegExit } from "../ffmpeg/start-ffmpeg.ts";
import { requireDone } from "./require-done.ts";
import { subtitleCodec, type ExportFormat } from "./exportable.ts";
import { clipAt } from "./clip-at.ts";

/** Tracks of a film in files of their own, on the film's one clock and none longer than the film. */
export interface LaidTracks {
  /** undefined: they are copied from the source. */
  readonly sounds: readonly LaidTrack[] | undefined;
  readonly subtitles: readonly LaidTrack[] | undefined;
}

interface LaidTrack {
  /** In the source. */
  readonly index: number;
  readonly codec: string;
  /** The input of ffmpeg that has it, and its place there. */
  readonly input: readonly string[];
  readonly place: number;
}

interface LayRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly format: ExportFormat;
  /** An empty folder, for as long as the tracks are used. */
  readonly folder: string;
}

/**
 * Lays those tracks of a film on its one clock that cannot be copied from the source: all of a film whose
 * clock jumps, and subtitles that become another kind of text, since ffmpeg cannot end what is shown at
 * the film's end while it turns it. Sound is encoded, like that of the segments: copied packets of two
 * recordings do not meet. Throws `source_unavailable` or `export_failed`.
 */
export async function layTracks(
  request: LayRequest,
  tools: { readonly ffmpeg: string },
  signal: AbortSignal,
): Promise<LaidTracks> {
  const isJoined = filmParts(request.timeline).length > 1;
  if (!isJoined && request.format === "mkv") return { sounds: undefined, subtitles: undefined };
  const subtitles = await laySubtitles(request, tools, signal);
  if (!isJoined) return { sounds: undefined, subtitles };
  const sounds: LaidTrack[] = [];
  for (const track of request.source.audio.filter(isAudible)) {
    sounds.push(await laySound(request, track, tools, signal));
  }
  return { sounds, subtitles };
}

async function laySound(
  { source, timeline, folder }: LayRequest,
  track: AudioTrack,
  tools: { readonly ffmpeg: string },
  signal: AbortSignal,
): Promise<LaidTrack> {
  const { index } = track;
  const path = join(folder, `sound-${index}.ts`);
  const audio = planEncodedAudio(track, "surround");
  const range = { fromSegment: 0, toSegment: segmentCount(timeline) };
  const { input, output } = audioArguments({ source, timeline, audio, inputNumber: 0, ...range });
  const encoder = startEncoder(
    [
      ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts", ...input, ...output],
      // Not `-f mpegts`: ffmpeg 5 would count the times of what is dropped in another unit.
      ...["-f", "tee", teeOutput([{ path, options: { f: "mpegts", mpegts_copyts: "1" } }])],
    ],
    { source, timeline, audio, ...range },
    { ffmpeg: tools.ffmpeg, name: "encoder of the sound", signal },
  );
  requireLaid(source.path, await encoder.exited, signal);
  const zeroSeconds = frameSeconds(timeline, PTS_OFFSET_FRAMES);
  const laid = filmInput(path, "-itsoffset", (-zeroSeconds).toFixed(6));
  return { index, codec: "aac", input: laid, place: 0 };
}

/** Each part is read by itself; a list has one file follow the other. */
async function laySubtitles(
  { source, timeline, format, folder }: LayRequest,
  tools: { readonly ffmpeg: string },
  signal: AbortSignal,
): Promise<LaidTrack[]> {
  const canBeHeld = ({ codec }: Source["subtitles"][number]): boolean =>
    subtitleCodec(codec, format) !== undefined && subtitleCodec(codec, "mkv") !== undefined;
  const tracks = source.subtitles.filter(canBeHeld);
  if (tracks.length === 0) return [];
  const list = ["ffconcat version 1.0"];
  for (const [n, part] of filmParts(timeline).entries()) {
    const name = `subtitles-${n}.mkv`;
    const args = partArguments(source, part, tracks, join(folder, name));
    const ffmpeg = startFfmpeg(args, { ...tools, name: "reader of the subtitles", signal });
    requireLaid(source.path, await ffmpeg.exited, signal);
    list.push(`file ${name}`, `duration ${(part.endSeconds - part.startSeconds).toFixed(6)}`);
  }
  const path = join(folder, "subtitles.ffconcat");
  await writeFile(path, `${list.join("\n")}\n`);
  const input = ownInput(path, "concat", ["matroska"]);
  return tracks.map(({ index, codec }, n) => ({
    ...{ index, input, place: n + 1 },
    codec: subtitleCodec(codec, "mkv") === "copy" ? codec : "subrip",
  }));
}

/** A track of silence comes first, so that a file lasts as long as its part and begins with it. */
function partArguments(
  source: Source,
  part: FilmPart,
  tracks: Source["subtitles"],
  target: string,
): string[] {
  const seconds = part.endSeconds - part.startSeconds;
  // Cues of another clock are none of this part, and what is shown when it ends goes with it.
  const drop = `noise=drop='lt(pts*tb,0)+gte(pts*tb,${seconds.toFixed(6)})'`;
  const copied = [drop, clipAt(seconds)].join(",");
  const codecs = tracks.map(({ codec }) => subtitleCodec(codec, "mkv") ?? "copy");
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "warning", "-y", "-copyts"],
    ...generatedInput(`anullsrc=r=100:cl=mono:d=${seconds.toFixed(6)}`),
    ...partInput(source, part, { zeroSeconds: -part.startSeconds }),
    ...["-map", "0:a", ...tracks.flatMap(({ index }) => ["-map", `1:${index}`])],
    ...["-c:a", "pcm_u8", "-copypriorss", "1"],
    ...codecs.flatMap((codec, n) => [
      ...[`-c:s:${n}`, codec, `-bsf:s:${n}`, codec === "copy" ? copied : drop],
    ]),
    ...["-to", seconds.toFixed(6), "-f", "matroska", fileUrl(target)],
  ];
}

function requireLaid(path: string, exit: FfmpegExit, signal: AbortSignal): void {
  signal.throwIfAborted();
  requireDone(path, exit, "ffmpeg could not read the tracks of the source");
}
