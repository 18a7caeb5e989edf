import type { Output } from "@upreel/core";
import { scaleMatrixName } from "../picture/colour.ts";
import type { IncomingFrames } from "../encoding/encode-arguments.ts";
import { fileUrl } from "../ffmpeg/media-input.ts";

export interface PictureRequest {
  readonly output: Output;
  /** The one raw frame that lies in the file `raw`. */
  readonly frames: IncomingFrames;
  readonly raw: string;
  readonly target: string;
  /** How it is fitted to the output's size. */
  readonly scaler: "bicubic" | "lanczos";
}

/** ffmpeg arguments that make a PNG of one raw frame, of the size and in the colours of the output. */
export function pictureArguments(request: PictureRequest): string[] {
  const { output, frames, raw, target, scaler } = request;
  const isRgb = frames.pixelFormat.startsWith("gbr");
  const scale = [
    `${output.width}:${output.height}`,
    `flags=${scaler}+accurate_rnd+full_chroma_int+full_chroma_inp`,
    ...(isRgb
      ? []
      : [
          `in_color_matrix=${scaleMatrixName(output.colour.matrix ?? "bt709")}`,
          `in_range=${output.colour.range ?? "tv"}`,
        ]),
  ];
  return [
    ...["-nostdin", "-hide_banner", "-loglevel", "error", "-y"],
    ...["-f", "rawvideo", "-pixel_format", frames.pixelFormat],
    ...["-video_size", `${frames.width}x${frames.height}`, "-i", fileUrl(raw)],
    ...["-vf", `scale=${scale.join(":")},setsar=1,format=rgb24`],
    // ffmpeg would take a % in the name for a number.
    ...["-frames:v", "1", "-update", "1", "-c:v", "png", "-f", "image2", fileUrl(target)],
  ];
}
