import { enlarged, toNumber, type VideoEncoder, type VideoTrack } from "@upreel/core";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The longest side in the H.264 levels that players know. */
export const longestSideOf = (encoder: VideoEncoder): number =>
  encoder.startsWith("h264") || encoder === "libx264" ? 4096 : 8192;

const even = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2));
const evenBelow = (pixels: number): number => Math.max(2, 2 * Math.floor(pixels / 2));

/** The picture as a viewer sees it: square pixels, turned upright. */
export function uprightSize(video: VideoTrack): Size {
  const aspect = toNumber(video.sampleAspect);
  const width = aspect === 1 ? video.width : even(video.width * aspect);
  return video.rotation === 90 || video.rotation === 270
    ? { width: video.height, height: width }
    : { width, height: video.height };
}

/**
 * `input` × `scale`, made smaller if a side would be too long; even numbers, as 4:2:0 needs them. At ×1.5 the size that a
 * network for that factor gives.
 */
export function fitOutput(
  input: Size,
  scale: number,
  maxShortSide: number,
  encoder: VideoEncoder,
): Size {
  const short = Math.min(input.width, input.height);
  const long = Math.max(input.width, input.height);
  const maxLongSide = longestSideOf(encoder);
  const factor = Math.min(scale, maxShortSide / short, maxLongSide / long);
  if (factor === 1.5) {
    const half = (pixels: number): number => Math.max(2, enlarged(pixels, 1.5));
    return { width: half(input.width), height: half(input.height) };
  }
  if (factor === scale)
    return { width: even(input.width * scale), height: even(input.height * scale) };
  const limit = (pixels: number): number =>
    Math.min(even(pixels * factor), evenBelow(pixels === short ? maxShortSide : maxLongSide));
  return { width: limit(input.width), height: limit(input.height) };
}
