import { filmInput } from "@upreel/media";
import { runFfmpeg } from "./run-ffmpeg.ts";

/** The sound of the film from `start`, `seconds` long, as chromaprint's points. Throws without any sound. */
export async function readPoints(
  ffmpeg: string,
  path: string,
  { start, seconds }: { readonly start: number; readonly seconds: number },
): Promise<Uint32Array> {
  const { stdout } = await runFfmpeg(ffmpeg, [
    ...["-v", "error", ...filmInput(path, "-ss", start.toFixed(3), "-t", seconds.toFixed(3))],
    ...["-map", "0:a:0", "-vn", "-sn", "-dn", "-ac", "2"],
    ...["-f", "chromaprint", "-fp_format", "raw", "-"],
  ]);
  const points = new Uint32Array(Math.floor(stdout.length / 4));
  for (let n = 0; n < points.length; n += 1) points[n] = stdout.readUInt32LE(n * 4);
  return points;
}
