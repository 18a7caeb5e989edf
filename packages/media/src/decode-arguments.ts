import {
  frameSeconds,
  formatRational,
  type Output,
  type Source,
  type Timeline,
} from "@upreel/core";
import { scaleMatrixName } from "./colour.ts";
import { fileUrl } from "./ffprobe.ts";
import { uprightSize, type Size } from "./picture-size.ts";

export interface DecodeRequest {
  readonly source: Source;
  readonly timeline: Timeline;
  readonly output: Output;
  readonly firstFrame: number;
  /** At most so many frames. */
  readonly frames: number;
  readonly pixelFormat: "yuv444p" | "gbrp" | "yuv420p";
  /** Default: inputWidth × inputHeight of `output`. */
  readonly size?: Size | undefined;
  /** FIFO that the raw frames are written to. */
  readonly target: string;
  /** How far before `firstFrame` decoding begins; a seek can land up to a GOP late. Default 12. */
  readonly marginSeconds?: number | undefined;
}

/** ffmpeg arguments that write raw frames of the timeline, from `firstFrame` on, to `target`. */
export function decodeArguments(request: DecodeRequest): string[] {
  const { source, timeline, frames, target } = request;
  const start = frameSeconds(timeline, request.firstFrame);
  const seek = start - (request.marginSeconds ?? 12);
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "warning", "-y", "-copyts"],
    ...(seek > 0 && canSeek(source) ? ["-ss", seek.toFixed(6)] : []),
    ...["-protocol_whitelist", "file", "-i", fileUrl(source.path)],
    ...["-map", `0:${source.video.index}`, "-an", "-sn", "-dn"],
    ...["-vf", filters(request, timeline.zeroMicros / 1e6 + start)],
    ...["-fps_mode", "passthrough", "-frames:v", String(frames)],
    ...["-f", "rawvideo", fileUrl(target)],
  ];
}

/** Raw streams have no timestamps to seek by: they are decoded from their beginning. */
const canSeek = (source: Source): boolean =>
  !/^(h264|hevc|mpegvideo|m4v|vc1|obu|ivf)$/.test(source.format);

function filters(request: DecodeRequest, startSeconds: number): string {
  const { source, timeline, output } = request;
  const size = request.size ?? { width: output.inputWidth, height: output.inputHeight };
  // fps gives the picture that is nearest to each frame's time, and repeats the first one before it.
  const rate = `fps=${formatRational(timeline.rate)}:start_time=${startSeconds.toFixed(6)}:round=near`;
  return [
    ...(source.video.isInterlaced ? ["bwdif=mode=send_frame:deint=interlaced"] : []),
    rate,
    scale(request, size),
    "setsar=1",
    `format=${request.pixelFormat}`,
  ].join(",");
}

function scale({ source, output, pixelFormat }: DecodeRequest, size: Size): string {
  const matrix = scaleMatrixName(output.colour.matrix ?? "bt709");
  const range = output.colour.range ?? "tv";
  const upright = uprightSize(source.video);
  const isResized = upright.width !== size.width || upright.height !== size.height;
  const options = [
    `${size.width}:${size.height}`,
    `flags=${isResized ? "lanczos" : "bicubic"}+accurate_rnd`,
    `in_color_matrix=${matrix}`,
    `in_range=${source.video.colour.range ?? "tv"}`,
    ...(pixelFormat === "gbrp" ? [] : [`out_color_matrix=${matrix}`, `out_range=${range}`]),
  ];
  return `scale=${options.join(":")}`;
}
