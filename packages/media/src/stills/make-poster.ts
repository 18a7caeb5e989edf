import { execa } from "execa";
import { lowerPriority } from "../ffmpeg/lower-priority.ts";
import { mediaCommand } from "../ffmpeg/media-command.ts";
import { fileUrl, filmInput } from "../ffmpeg/media-input.ts";

/** Shares of the film at which a picture is looked for: after the titles, before the end. */
const PLACES = [0.14, 0.3, 0.5, 0.72];
const WIDTH = 400;
/** What is judged: a small grey copy. */
const JUDGED = { width: 32, height: 18 } as const;
const JUDGED_BYTES = JUDGED.width * JUDGED.height;
/** Grey levels of 255: darker, or flatter, than this shows nothing. */
const LEAST_MEAN = 36;
const LEAST_DEVIATION = 16;
const LONGEST_MS = 60_000;
/** Behind everything else that this machine does. */
const NICENESS = 19;

/** How much a picture shows: its mean and spread, in grey levels. */
export interface Shown {
  readonly mean: number;
  readonly deviation: number;
}

export function judgePicture(grey: Uint8Array): Shown {
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const variance = grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length;
  return { mean, deviation: Math.sqrt(variance) };
}

const isGood = ({ mean, deviation }: Shown): boolean =>
  mean >= LEAST_MEAN && deviation >= LEAST_DEVIATION;

/**
 * Writes one picture of a film as JPEG to `target`: the first one looked at that is neither dark nor flat, else the one
 * that shows most. False when the film gave none. One thread at the lowest priority.
 */
export async function makePoster(
  { path, durationSeconds }: { readonly path: string; readonly durationSeconds: number | null },
  target: string,
  { ffmpeg }: { readonly ffmpeg: string },
  signal: AbortSignal,
): Promise<boolean> {
  let best: { readonly seconds: number; readonly deviation: number } | undefined;
  const places = durationSeconds === null ? [0] : PLACES.map((part) => part * durationSeconds);
  for (const seconds of places) {
    const shown = await take(path, seconds, target, ffmpeg, signal);
    if (shown === undefined) continue;
    if (isGood(shown)) return true;
    const { deviation } = shown;
    if (best === undefined || deviation > best.deviation) best = { seconds, deviation };
  }
  if (best === undefined) return false;
  const isWritten = best.seconds === places.at(-1);
  return isWritten || (await take(path, best.seconds, target, ffmpeg, signal)) !== undefined;
}

/** Writes the picture near `atSeconds` to `target`; undefined where there is none. */
async function take(
  path: string,
  atSeconds: number,
  target: string,
  ffmpeg: string,
  signal: AbortSignal,
): Promise<Shown | undefined> {
  const filter = [
    // setpts: frames before the place that was sought have times below zero, and would be dropped.
    // thumbnail: of some key frames the one that stands for the others, no cross-fade and no flash.
    "[0:v:0]trim=end_frame=4,setpts=N/(25*TB),thumbnail=n=4,split[p][g]",
    `[p]scale=${WIDTH}:-2:flags=area,setsar=1,format=yuvj420p[p]`,
    `[g]scale=${JUDGED.width}:${JUDGED.height}:flags=area,format=gray[g]`,
  ].join(";");
  const child = execa(
    ...mediaCommand(ffmpeg, [
      ...["-nostdin", "-v", "error", "-y"],
      ...filmInput(
        path,
        ...["-threads", "1", "-skip_frame", "nokey"],
        // With the key frame before it: a short film has none after.
        ...["-ss", atSeconds.toFixed(3), "-noaccurate_seek"],
      ),
      ...["-an", "-sn", "-dn", "-filter_complex_threads", "1", "-filter_complex", filter],
      ...["-map", "[p]", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "5", "-update", "1"],
      ...["-f", "image2", fileUrl(target)],
      ...["-map", "[g]", "-frames:v", "1", "-f", "rawvideo", "-"],
    ]),
    {
      ...{ cancelSignal: signal, timeout: LONGEST_MS, forceKillAfterDelay: 100 },
      ...({ stdin: "ignore", encoding: "buffer", reject: false } as const),
    },
  );
  lowerPriority(child.pid, NICENESS);
  const result = await child;
  signal.throwIfAborted();
  const isWhole = !result.failed && result.stdout.length === JUDGED_BYTES;
  return isWhole ? judgePicture(result.stdout) : undefined;
}
