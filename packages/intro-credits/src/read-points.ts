import { runToEnd } from "@upreel/media";
import { pointsIn } from "./points.ts";
import { partInput } from "./part-input.ts";
import type { Span } from "./span.ts";

/** The points of a film's end are some hundred kilobytes. */
const MOST_BYTES = 32 * 1024 * 1024;

/** The sound of a part of the film as chromaprint's points. Throws without any sound. */
export async function readPoints(ffmpeg: string, path: string, part: Span): Promise<Uint32Array> {
  const parameters = [
    ...["-v", "error", ...partInput(path, part)],
    ...["-map", "0:a:0", "-vn", "-sn", "-dn", "-ac", "2"],
    ...["-f", "chromaprint", "-fp_format", "raw", "-"],
  ];
  const { stdout } = await runToEnd(ffmpeg, parameters, { mostBytes: MOST_BYTES });
  return pointsIn(stdout);
}
