import { toNumber, type Output, type Timeline } from "@upreel/core";
import { h264Level } from "../encoding/h264-level.ts";
import {
  BUFFER_SECONDS,
  MOST_SOUND_RATE,
  PACKET_SHARE,
  mostPictureRate,
} from "../encoding/segment-rate.ts";
import type { Size } from "../picture/picture-size.ts";

/** How a film is encoded for a line that is thinner than the upscaled one needs. */
export interface LowerQuality {
  /** What it is made from: the film, or the segments that are upscaled already. */
  readonly of: "source" | "upscaled";
  readonly size: Size;
  /** Bits a second that the pictures never exceed for longer than `BUFFER_SECONDS`. */
  readonly maxRate: number;
  /** As H.264 numbers it, times ten. */
  readonly level: number;
}

/** Bits for a pixel: what H.264 needs for a film at this speed of encoding. */
const BITS_PER_PIXEL = 0.11;
const LEAST_RATE = 300_000;
/** What is upscaled has little grain, and few details for its size. */
const UPSCALED_SHARE = 0.6;

/** How pictures of this size are made for a thin line. */
export function lowerQuality(
  { width, height }: Size,
  timeline: Timeline,
  of: LowerQuality["of"] = "source",
): LowerQuality {
  const size = { width, height };
  const share = of === "upscaled" ? UPSCALED_SHARE : 1;
  const wanted = Math.round(width * height * toNumber(timeline.rate) * BITS_PER_PIXEL * share);
  return {
    ...{ of, size, level: h264Level(size, timeline.rate) },
    maxRate: Math.min(mostPictureRate(timeline), Math.max(LEAST_RATE, wanted)),
  };
}

/** What no segment of `seconds` exceeds, in bits a second, with its sound and the packets that hold both. */
export function lowerBandwidth(
  { maxRate }: LowerQuality,
  { audio }: Output,
  seconds: number,
): number {
  const sound = audio.kind === "none" ? 0 : audio.kind === "aac" ? audio.bitrate : MOST_SOUND_RATE;
  return Math.ceil((maxRate * (1 + BUFFER_SECONDS / seconds) + sound) * PACKET_SHARE);
}

/** RFC 6381: High profile. */
export const lowerCodec = ({ level }: LowerQuality): string => `avc1.6400${level.toString(16)}`;
