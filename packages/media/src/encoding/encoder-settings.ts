import type { VideoEncoder } from "@upreel/core";
import type { Size } from "../picture/picture-size.ts";
import { BUFFER_SECONDS } from "./segment-rate.ts";

/** How to drive one encoder: options before the inputs, filters at the end of the chain, and its own options. */
export interface EncoderSettings {
  readonly before: readonly string[];
  readonly filters: readonly string[];
  readonly options: readonly string[];
}

export interface EncoderWish {
  readonly encoder: VideoEncoder;
  /** CRF-like, 0 (lossless with x264; films are planned with at least 1) to 51. */
  readonly quality: number;
  /** Size of the encoded picture. */
  readonly size: Size;
  /** Bits a second that pictures may take: grain and noise are bounded by it. */
  readonly maxRate: number;
  /** The level of H.264 as ffmpeg takes it: `3.1`. */
  readonly level: string;
}

/**
 * Each frame thread but the first holds back a picture; one makes 200 pictures of 720p a second,
 * three about 60 of 4K.
 */
function frameThreads({ width, height }: Size): string {
  const pixels = width * height;
  if (pixels <= 1_000_000) return "1";
  return pixels <= 4_000_000 ? "2" : "3";
}

/**
 * Every encoder with its own quality flag and a delay of at most two pictures: no B-frames, no
 * lookahead, few frame threads. H.264 by x264 and NVENC is bounded in its rate; the others have no bound beside a quality.
 */
export function encoderSettings(wish: EncoderWish): EncoderSettings {
  const { encoder, quality, size, maxRate, level } = wish;
  const q = String(quality);
  const bound = ["-maxrate", String(maxRate), "-bufsize", String(maxRate * BUFFER_SECONDS)];
  switch (encoder) {
    case "libx264":
      return {
        before: [],
        filters: ["format=yuv420p"],
        options: [
          ...["-preset", "ultrafast", "-crf", q, ...bound],
          ...["-bf", "0", "-rc-lookahead", "0"],
          ...["-level", level, "-threads", frameThreads(size)],
          ...["-x264-params", "sync-lookahead=0:sliced-threads=0"],
        ],
      };
    case "libx265":
      return {
        before: [],
        filters: ["format=yuv420p"],
        options: [
          ...["-preset", "ultrafast", "-crf", q, "-bf", "0", "-forced-idr", "1"],
          ...[
            "-x265-params",
            "rc-lookahead=0:frame-threads=2:bframes=0:scenecut=0:open-gop=0:log-level=error",
          ],
        ],
      };
    case "h264_nvenc":
    case "hevc_nvenc":
      return {
        before: [],
        filters: ["format=yuv420p"],
        options: [
          ...["-preset", "p4", "-tune", "ll", "-rc", "vbr", "-cq", q, "-b:v", "0"],
          ...(encoder === "h264_nvenc" ? bound : []),
          ...["-bf", "0", "-delay", "0", "-rc-lookahead", "0", "-forced-idr", "1"],
        ],
      };
    case "h264_qsv":
      return {
        before: [],
        filters: ["format=nv12"],
        options: [
          ...["-preset", "veryfast", "-global_quality", q, "-look_ahead", "0"],
          ...["-bf", "0", "-async_depth", "1", "-forced_idr", "1"],
        ],
      };
    case "h264_vaapi":
      return {
        before: ["-vaapi_device", "/dev/dri/renderD128"],
        filters: ["format=nv12", "hwupload"],
        options: ["-rc_mode", "CQP", "-qp", q, "-bf", "0", "-async_depth", "1"],
      };
  }
}
