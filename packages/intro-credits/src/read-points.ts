import { pointsIn } from "./points.ts";
import { partInput, runFfmpeg } from "./run-ffmpeg.ts";
import type { Span } from "./span.ts";

/** The sound of a part of the film as chromaprint's points. Throws without any sound. */
export async function readPoints(ffmpeg: string, path: string, part: Span): Promise<Uint32Array> {
  const { stdout } = await runFfmpeg(ffmpeg, [
    ...["-v", "error", ...partInput(path, part)],
    ...["-map", "0:a:0", "-vn", "-sn", "-dn", "-ac", "2"],
    ...["-f", "chromaprint", "-fp_format", "raw", "-"],
  ]);
  return pointsIn(stdout);
}
