import {
  PTS_OFFSET_FRAMES,
  formatRational,
  segmentFrames,
  frameSeconds,
  type Output,
  type Source,
  type Timeline,
} from "@upreel/core";
import { audioArguments } from "../sound/audio-arguments.ts";
import { scaleMatrixName, transferOption } from "../picture/colour.ts";
import { fileUrl } from "../ffmpeg/media-input.ts";
import { teeOutput, type TeeSlave } from "../ffmpeg/tee-output.ts";
import { h264Level, levelText } from "./h264-level.ts";
import { mostPictureRate } from "./segment-rate.ts";
import { encoderSettings, type EncoderSettings } from "./encoder-settings.ts";

/** The raw frames on the FIFO. */
export interface IncomingFrames {
  readonly pixelFormat: string;
  readonly width: number;
  readonly height: number;
}

export interface EncodeRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
  /** The run makes segments [fromSegment, toSegment). */
  readonly fromSegment: number;
  readonly toSegment: number;
  readonly frames: IncomingFrames;
  readonly fifo: string;
  /** Where segments and playlist go; it must exist. */
  readonly folder: string;
}

/** ffmpeg arguments that encode raw frames from a FIFO, with the source's sound, into segments. */
export function encodeArguments(request: EncodeRequest): string[] {
  const { timeline, output, frames } = request;
  const settings = encoderSettings({
    encoder: output.encoder,
    quality: output.quality,
    size: output,
    maxRate: mostPictureRate(timeline),
    level: levelText(h264Level(output, timeline.rate)),
  });
  const audio = audioArguments({ ...request, audio: output.audio, inputNumber: 1 });
  const n = String(timeline.framesPerSegment);
  return [
    // At "warning" ffmpeg reports every wait for the FIFO.
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts"],
    ...settings.before,
    ...rawInput(request.fifo, frames, timeline),
    ...audio.input,
    ...["-map", "0:v:0"],
    ...audio.output,
    ...["-vf", videoFilters(request, settings), "-fps_mode", "passthrough"],
    ...["-c:v", output.encoder, ...settings.options],
    ...["-g", n, "-force_key_frames", `expr:not(mod(n,${n}))`, "-sc_threshold", "0"],
    ...colourArguments(output),
    // Not 10 s: where copied sound has a gap, segments must not wait for it.
    ...["-max_interleave_delta", MAX_INTERLEAVE_MICROS],
    ...["-f", "tee", teeOutput([segmentsOf(request)])],
  ];
}

/** Raw frames on a FIFO as an input of ffmpeg. */
export const rawInput = (
  fifo: string,
  { pixelFormat, width, height }: IncomingFrames,
  { rate }: Pick<Timeline, "rate">,
): string[] => [
  // If there is sound as well, ffmpeg reads so many frames ahead; its default of 8 would be 100 MB of 4K.
  ...["-thread_queue_size", "4"],
  ...["-f", "rawvideo", "-pixel_format", pixelFormat, "-video_size", `${width}x${height}`],
  ...["-framerate", formatRational(rate), "-i", fileUrl(fifo)],
];

function videoFilters(
  { timeline, output, frames, fromSegment }: EncodeRequest,
  settings: EncoderSettings,
): string {
  const first = PTS_OFFSET_FRAMES + segmentFrames(timeline, fromSegment).first;
  const isResized = frames.width !== output.width || frames.height !== output.height;
  const isRgb = frames.pixelFormat.startsWith("gbr") || frames.pixelFormat.startsWith("rgb");
  const hasFullChroma = isRgb || frames.pixelFormat.startsWith("yuv444");
  const matrix = scaleMatrixName(output.colour.matrix ?? "bt709");
  const range = output.colour.range ?? "tv";
  const scale = [
    `${output.width}:${output.height}`,
    `flags=lanczos+accurate_rnd${isRgb ? "+full_chroma_inp" : ""}`,
    ...(isRgb ? [] : [`in_color_matrix=${matrix}`, `in_range=${range}`]),
    ...[`out_color_matrix=${matrix}`, `out_range=${range}`],
    ...(hasFullChroma ? chromaPosition(output.colour.chromaLocation) : []),
  ];
  return [
    `setpts=N+${first}`,
    ...(isResized || hasFullChroma ? [`scale=${scale.join(":")}`] : []),
    "setsar=1",
    tagColours(output),
    ...settings.filters,
  ].join(",");
}

/** Where players look for 4:2:0 chroma, in 1/256 of a luma pixel: on the left unless the film says otherwise. */
function chromaPosition(location: string | undefined): string[] {
  const isCentred = location === "center" || location === "top" || location === "bottom";
  const horizontal = isCentred ? [] : ["out_h_chr_pos=0"];
  if (location?.startsWith("top") === true) return [...horizontal, "out_v_chr_pos=0"];
  if (location?.startsWith("bottom") === true) return [...horizontal, "out_v_chr_pos=256"];
  return horizontal;
}

/** Tags the frames: from ffmpeg 7 on their tags override the encoder's options, while older versions use only the options. */
export function tagColours({ colour }: Output): string {
  const tags = [
    ...(colour.range === undefined ? [] : [`range=${colour.range}`]),
    ...(colour.matrix === undefined ? [] : [`colorspace=${colour.matrix}`]),
    ...(colour.primaries === undefined ? [] : [`color_primaries=${colour.primaries}`]),
    ...(colour.transfer === undefined ? [] : [`color_trc=${colour.transfer}`]),
  ];
  return tags.length === 0 ? "null" : `setparams=${tags.join(":")}`;
}

export function colourArguments({ colour }: Output): string[] {
  return [
    ...(colour.range === undefined ? [] : ["-color_range", colour.range]),
    ...(colour.matrix === undefined ? [] : ["-colorspace", colour.matrix]),
    ...(colour.primaries === undefined ? [] : ["-color_primaries", colour.primaries]),
    ...(colour.transfer === undefined ? [] : ["-color_trc", transferOption(colour.transfer)]),
    ...(colour.chromaLocation === undefined
      ? []
      : ["-chroma_sample_location", colour.chromaLocation]),
  ];
}

export const MAX_INTERLEAVE_MICROS = "1000000";

/**
 * `mpegts_copyts`: timestamps stay as they are, so that segments carry core's framePts90k.
 * `omit_video_pes_length`: each picture tells its length, so that a check can prove its end is there.
 * `max_delay`: the stream's clock (PCR) stays 0.7 s behind, as it does when ffmpeg writes without
 * tee; for players that go by the clock no picture comes too late then.
 */
const TS_OPTIONS = {
  mpegts_flags: "+initial_discontinuity",
  mpegts_copyts: "1",
  omit_video_pes_length: "0",
};
const MUXER_OPTIONS = { max_delay: "700000", max_interleave_delta: MAX_INTERLEAVE_MICROS };

/** Segments of the timeline, cut at each IDR. */
export function segmentsOf({
  timeline,
  folder,
  fromSegment,
}: Pick<EncodeRequest, "timeline" | "folder" | "fromSegment">): TeeSlave {
  const tsOptions = Object.entries(TS_OPTIONS).map(([key, value]) => `${key}=${value}`);
  return {
    options: {
      f: "hls",
      ...MUXER_OPTIONS,
      // A quarter of a segment, so that each IDR begins a new file.
      hls_time: (frameSeconds(timeline, timeline.framesPerSegment) / 4).toFixed(6),
      hls_list_size: "0",
      hls_flags: "+temp_file",
      start_number: String(fromSegment),
      hls_segment_options: tsOptions.join(":"),
      hls_segment_filename: `${folder}/%06d.ts`,
    },
    path: `${folder}/run.m3u8`,
  };
}
