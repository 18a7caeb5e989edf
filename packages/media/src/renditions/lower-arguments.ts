import {
  PTS_OFFSET_FRAMES,
  formatRational,
  segmentFrames,
  type Output,
  type Source,
  type Timeline,
} from "@upreel/core";
import { audioArguments } from "../sound/audio-arguments.ts";
import { decodeSpans } from "../colours/colours-at.ts";
import { decoding, type DecodeRequest } from "../decoding/decode-arguments.ts";
import {
  MAX_INTERLEAVE_MICROS,
  colourArguments,
  rawInput,
  segmentsOf,
  tagColours,
} from "../encoding/encode-arguments.ts";
import { levelText } from "../encoding/h264-level.ts";
import { OWN_SEGMENTS } from "../ffmpeg/media-input.ts";
import { BUFFER_SECONDS } from "../encoding/segment-rate.ts";
import { teeOutput } from "../ffmpeg/tee-output.ts";
import type { LowerQuality } from "./lower-quality.ts";

/** Segments of a film in a lower quality. */
export interface LowerSegments {
  readonly timeline: Timeline;
  /** Of the upscaled film: the colours and the sound are the same. */
  readonly output: Output;
  readonly quality: LowerQuality;
  readonly fromSegment: number;
  readonly toSegment: number;
  /** Where `000123.ts` and so on are written; it must exist. */
  readonly folder: string;
}

export interface LowerRequest extends LowerSegments {
  readonly source: Source;
  /** How far before the first picture decoding begins. */
  readonly marginSeconds?: number | undefined;
}

/** The pictures of segments [fromSegment, toSegment), as they are decoded for a lower quality. */
function decodeRequest(request: Omit<LowerRequest, "folder">): Omit<DecodeRequest, "target"> {
  const { source, timeline, output, quality, fromSegment, toSegment } = request;
  const firstFrame = segmentFrames(timeline, fromSegment).first;
  const frames = segmentFrames(timeline, toSegment - 1).end - firstFrame;
  const size = { pixelFormat: "yuv420p", size: quality.size } as const;
  return { ...{ source, timeline, output, firstFrame, frames }, ...size };
}

/**
 * What `startDecoder` has to decode for segments [fromSegment, toSegment) that take several decoders, because another recording
 * begins in them or their colours change; `lowerFrameArguments` are for its pictures. Undefined: one ffmpeg makes the segments
 * from the source (`lowerArguments`).
 */
export function lowerDecoding(
  request: Omit<LowerRequest, "folder">,
): Omit<DecodeRequest, "target"> | undefined {
  const wanted = decodeRequest(request);
  const { timeline, firstFrame, frames } = wanted;
  return decodeSpans(timeline, firstFrame, firstFrame + frames).length > 1 ? wanted : undefined;
}

/**
 * ffmpeg arguments that make segments [fromSegment, toSegment) from the source in a smaller size: the same pictures at the
 * same times as the upscaled ones, cut where those are cut, with the same sound. `writeColourTables` first, and sound as
 * `startEncoder` gives it. Only for segments that take one decoder (`lowerDecoding`).
 */
export function lowerArguments(request: LowerRequest): string[] {
  const { output, marginSeconds } = request;
  const wanted = { ...decodeRequest(request), marginSeconds, refusesLateStart: true };
  const { input, filters, frames, track } = decoding(wanted);
  const sound = audioArguments({ ...request, audio: output.audio, inputNumber: 1 });
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "warning", "-y", "-copyts"],
    ...input,
    ...sound.input,
    ...["-map", `0:${track}`],
    ...sound.output,
    ...["-vf", `${filters},${atTheirTimes(wanted.firstFrame, frames, output)}`],
    ...encoded(request),
  ];
}

/** ffmpeg arguments that make the same from the pictures that `startDecoder` writes into `fifo` for `lowerDecoding`. */
export function lowerFrameArguments(request: LowerRequest & { readonly fifo: string }): string[] {
  const { timeline, output, quality, fifo } = request;
  const { pixelFormat, firstFrame, frames } = decodeRequest(request);
  const sound = audioArguments({ ...request, audio: output.audio, inputNumber: 1 });
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-copyts"],
    ...rawInput(fifo, { pixelFormat, ...quality.size }, timeline),
    ...sound.input,
    ...["-map", "0:v:0"],
    ...sound.output,
    ...["-vf", `setsar=1,${atTheirTimes(firstFrame, frames, output)}`],
    ...encoded(request),
  ];
}

/** Nothing is made before all is read. */
const READ_ALL = ["-probesize", "1G", "-analyzeduration", "1G"];

/**
 * ffmpeg arguments that make the same from the upscaled segments, whose bytes come by standard input: their pictures at
 * fewer bits, and their sound as it is. ffmpeg fails where no sound comes within five seconds, unless that is `late`, or where
 * none comes at all, unless there is `none`: copied sound may have gaps.
 */
export function leanArguments(
  request: LowerSegments & { readonly sound?: "late" | "none" },
): string[] {
  const { timeline, output, fromSegment, toSegment } = request;
  const sound = output.audio.kind === "none" ? "none" : request.sound;
  const { first } = segmentFrames(timeline, fromSegment);
  const frames = segmentFrames(timeline, toSegment - 1).end - first;
  const rate = formatRational(timeline.rate);
  // Each picture is one of the timeline: they are counted, as times in MPEG-TS are rounded.
  const counted = `settb=1/(${rate}),setpts=N,fps=${rate}:start_time=0:round=near,setsar=1`;
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "warning", "-y", "-copyts"],
    ...[...(sound === "late" ? READ_ALL : []), ...OWN_SEGMENTS, "-map", "0:v:0"],
    ...(sound === "none" ? [] : ["-map", "0:a:0", "-c:a", "copy"]),
    ...["-vf", `${counted},format=yuv420p,${atTheirTimes(first, frames, output)}`],
    ...encoded(request),
  ];
}

function encoded(request: LowerSegments): string[] {
  const { timeline, output, quality } = request;
  const n = String(timeline.framesPerSegment);
  const rate = String(quality.maxRate);
  return [
    ...["-fps_mode", "passthrough", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"],
    ...["-maxrate", rate, "-bufsize", String(quality.maxRate * BUFFER_SECONDS)],
    ...["-profile:v", "high", "-level:v", levelText(quality.level), "-bf", "0"],
    ...["-g", n, "-force_key_frames", `expr:not(mod(n,${n}))`, "-sc_threshold", "0"],
    ...colourArguments(output),
    ...["-max_interleave_delta", MAX_INTERLEAVE_MICROS],
    ...["-f", "tee", teeOutput([segmentsOf(request)])],
  ];
}

/** The last picture stays where the source ends a little early, as it does in the upscaled film. */
const atTheirTimes = (firstFrame: number, frames: number, output: Output): string =>
  [
    "tpad=stop=-1:stop_mode=clone",
    // Not by -frames:v, which ends the sound beside it early.
    `trim=end_frame=${frames}`,
    `setpts=N+${PTS_OFFSET_FRAMES + firstFrame}`,
    tagColours(output),
  ].join(",");
