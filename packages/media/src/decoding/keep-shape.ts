import { toNumber, type Source } from "@upreel/core";
import { isBroadcast } from "../ffmpeg/broadcast-format.ts";

/** Formats that the scaler can both read and write; any other format would be converted twice by a scaler in front. */
const IS_KEPT = /^(yuv|gray|gbrp|nv12|p010)/;

/**
 * Filters that give all pictures the coded size of the first ones, whatever size they have: those of
 * another shape lie in the middle between black bars. Pictures that have it pass untouched.
 * `keeps`: the range of the wanted pictures, in a film whose range changes; levels stay what they are.
 * These filters come before all others, which can handle only one size; fields stay fields.
 */
export function keepShape({ format, video }: Source, keeps?: "tv" | "pc"): string[] {
  if (!IS_KEPT.test(video.pixelFormat)) return [];
  const range = keeps === undefined ? "" : `:in_range=${keeps}:out_range=${keeps}`;
  const isTurned = video.rotation === 90 || video.rotation === 270;
  const width = isTurned ? video.height : video.width;
  const height = isTurned ? video.width : video.height;
  const pixel = toNumber(video.sampleAspect);
  const shape = ((isTurned ? 1 / pixel : pixel) * width) / height;
  const wider = `gt(dar,${(shape * 1.01).toFixed(6)})`;
  const narrower = `lt(dar,${(shape * 0.99).toFixed(6)})`;
  const fitted = [
    `w='if(${narrower},2*max(1,round(${width}*dar/${shape.toFixed(6)}/2)),${width})'`,
    `h='if(${wider},2*max(1,round(${height}*${shape.toFixed(6)}/dar/2)),${height})'`,
  ];
  const scale = `scale=${fitted.join(":")}:eval=frame:interl=-1:flags=lanczos+accurate_rnd${range}`;
  if (!isBroadcast(format))
    return [`scale=${width}:${height}:interl=-1:flags=lanczos+accurate_rnd${range}`];
  const middle = "x=2*trunc((ow-iw)/4):y=2*trunc((oh-ih)/4)";
  return [scale, `pad=${width}:${height}:${middle}:eval=frame`];
}
