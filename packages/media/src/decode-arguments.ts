import {
  formatRational,
  frameSeconds,
  toNumber,
  type Output,
  type Source,
  type Timeline,
} from "@upreel/core";
import { isRgbFormat, scaleMatrixName } from "./colour.ts";
import { toneMapFilters } from "./hdr/tone-map-filters.ts";
import { fileUrl, filmInput } from "./media-input.ts";
import { uprightSize, type Size } from "./picture-size.ts";

export interface DecodeRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
  readonly firstFrame: number;
  /** At most so many frames. */
  readonly frames: number;
  /**
   * What arrives. `yuv444p` is for ×2 luma networks unless `hasFullChroma`: Y goes through the
   * network, U and V are the 4:2:0 chroma of the doubled picture, sited right for it.
   */
  readonly pixelFormat: "yuv444p" | "gbrp" | "yuv420p";
  /** All planes of `yuv444p` go through the network: its chroma lies where its luma does. */
  readonly hasFullChroma?: boolean | undefined;
  /** Default: inputWidth × inputHeight of `output`. */
  readonly size?: Size | undefined;
  /** FIFO that the raw frames are written to. */
  readonly target: string;
  /** How far before `firstFrame` decoding begins. Default: `decodeMarginSeconds`. */
  readonly marginSeconds?: number | undefined;
  /** A seek that lands after `firstFrame` gives a line on stderr and no frame, not a wrong one. */
  readonly refusesLateStart?: boolean | undefined;
}

/** Enough for every container: encoders' GOPs are 10 s at most, as a rule. */
export const SAFE_MARGIN_SECONDS = 12;

/**
 * How far before the wanted frame a decoder begins at first, in seconds. With an index a seek lands on
 * the key frame before; MPEG-TS and PS are searched by timestamps and land up to a GOP late, where
 * most GOPs are short. Every second decoded in vain is one that a viewer waits for.
 */
export function decodeMarginSeconds({ format }: Source): number {
  if (/^(mov|matroska)/.test(format)) return 2;
  return /^(mpegts|mpeg|avi)$/.test(format) ? 4 : SAFE_MARGIN_SECONDS;
}

/** Whether this line on stderr says that decoding began after `firstFrame` (`refusesLateStart`). */
export const hasBegunLate = (line: string): boolean => /^(\[Eval[^\]]*\] )?\d+\.\d{6}$/.test(line);

/** Whether ffmpeg says that no picture came at all. */
export const hasGivenNothing = (stderr: string): boolean => stderr.includes("Output file is empty");

/** ffmpeg arguments that write raw frames of the timeline, from `firstFrame` on, to `target`. */
export function decodeArguments(request: DecodeRequest): string[] {
  const { source, timeline, frames, target } = request;
  const start = frameSeconds(timeline, request.firstFrame);
  const seek = start - (request.marginSeconds ?? decodeMarginSeconds(source));
  const isSeeking = seek > 0 && canSeek(source);
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "warning", "-y", "-copyts"],
    ...(isSeeking ? ["-ss", seek.toFixed(6)] : []),
    ...filmInput(source.path, "-threads", DECODER_THREADS),
    ...["-map", `0:${source.video.index}`, "-an", "-sn", "-dn"],
    ...["-vf", filters(request, timeline.zeroMicros / 1e6 + start, isSeeking)],
    ...["-fps_mode", "passthrough", "-frames:v", String(frames)],
    // Whole frames to write(2): going through ffmpeg's buffer costs a sixth of this process.
    ...["-f", "rawvideo", "-avioflags", "direct", fileUrl(target)],
  ];
}

/** Each frame thread holds pictures; ffmpeg would take sixteen on a large machine. */
const DECODER_THREADS = "4";

/** Raw streams have no timestamps to seek by: they are decoded from their beginning. */
const canSeek = (source: Source): boolean =>
  !/^(h264|hevc|mpegvideo|m4v|vc1|obu|ivf)$/.test(source.format);

function filters(request: DecodeRequest, startSeconds: number, isSeeking: boolean): string {
  const { source, timeline, output } = request;
  const size = request.size ?? { width: output.inputWidth, height: output.inputHeight };
  // A source of twice the rate has every second picture halfway between two frames: moved away from
  // there, rounding takes the same ones wherever the timeline is entered.
  const start = (startSeconds - 0.05 / toNumber(timeline.rate)).toFixed(6);
  return [
    ...(source.video.isInterlaced ? ["bwdif=mode=send_frame:deint=interlaced"] : []),
    // fps rounds its start_time to this time base; that of AVI is a whole picture.
    "settb=1/1000000",
    ...(isSeeking && request.refusesLateStart === true
      ? [refuseLateStart(startSeconds + 0.5 / toNumber(timeline.rate))]
      : []),
    // Each frame shows the picture nearest to its time; before the first picture, that one repeats.
    // Without eof_action the last picture is lost where its packet has no duration.
    `fps=${formatRational(timeline.rate)}:start_time=${start}:round=near:eof_action=pass`,
    ...pictureFilters(request, size),
    "setsar=1",
  ].join(",");
}

/**
 * Says so when the first picture comes at `limitSeconds` or later, and moves all pictures years back,
 * so that `fps` lets none through: repeating the first one would be wrong here.
 */
function refuseLateStart(limitSeconds: number): string {
  const limit = limitSeconds.toFixed(6);
  const first = `if(eq(N,0),st(0,gte(T,${limit}));if(ld(0),print(T,16)))`;
  return `setpts='${first};PTS-ld(0)*1e8/TB'`;
}

/** The picture in the size, the colours and the format that are wanted. */
function pictureFilters(request: DecodeRequest, size: Size): string[] {
  const { pixelFormat, source } = request;
  const { video } = source;
  if (video.hdr === undefined) return [scale(request, size), `format=${pixelFormat}`];
  const hasDoubledChroma = pixelFormat === "yuv444p" && request.hasFullChroma !== true;
  return toneMapFilters({ video, hdr: video.hdr, size, pixelFormat, hasDoubledChroma });
}

function scale(request: DecodeRequest, size: Size): string {
  const { source, output, pixelFormat } = request;
  const matrix = scaleMatrixName(output.colour.matrix ?? "bt709");
  const range = output.colour.range ?? "tv";
  const upright = uprightSize(source.video);
  const isResized = upright.width !== size.width || upright.height !== size.height;
  const options = [
    `${size.width}:${size.height}`,
    `flags=${scaleFlags(isResized, pixelFormat)}`,
    ...(isRgbFormat(source.video.pixelFormat)
      ? []
      : [`in_color_matrix=${matrix}`, `in_range=${range}`]),
    ...(pixelFormat === "gbrp" ? [] : [`out_color_matrix=${matrix}`, `out_range=${range}`]),
    ...chromaPosition(request),
  ];
  return `scale=${options.join(":")}`;
}

/** Luma that keeps its size stays bit-exact without accurate_rnd, and chroma within 1 of 255. */
function scaleFlags(isResized: boolean, pixelFormat: DecodeRequest["pixelFormat"]): string {
  if (pixelFormat === "gbrp") return "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp";
  return isResized ? "lanczos+accurate_rnd" : "bicubic";
}

/**
 * Where chroma samples must be said to lie, in 1/256 of a luma pixel, for scaled planes to fit. Full
 * chroma: where they do lie. For the doubled picture, sample i lies at its luma pixel 2i, which is at
 * i − 1/4 of the source: a quarter of a pixel (64) away from where 4:4:4 would have it. Right by 3 dB
 * of chroma over the scaler's default.
 */
function chromaPosition({ source, pixelFormat, hasFullChroma }: DecodeRequest): string[] {
  if (pixelFormat === "yuv420p") return [];
  const location = source.video.colour.chromaLocation;
  const shift = pixelFormat === "gbrp" || hasFullChroma === true ? 0 : 64;
  const isCentred = location === "center" || location === "top" || location === "bottom";
  const horizontal = isCentred ? [] : [`in_h_chr_pos=${shift}`];
  if (location?.startsWith("top") === true) return [...horizontal, `in_v_chr_pos=${shift}`];
  if (location?.startsWith("bottom") === true) {
    return [...horizontal, `in_v_chr_pos=${256 - shift}`];
  }
  return horizontal;
}
