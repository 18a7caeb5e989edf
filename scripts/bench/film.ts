import { makeClip, runFfmpeg } from "@upreel/testkit";

export interface FilmSize {
  readonly width: number;
  readonly height: number;
}

/** Sizes that films of a library have, 16:9. */
export const FILM_SIZES = [
  { width: 640, height: 360 },
  { width: 854, height: 480 },
  { width: 960, height: 540 },
  { width: 1280, height: 720 },
] as const satisfies readonly FilmSize[];

/** With it a gateway doubles films of 360 lines on any machine, as those of the tables in docs/performance.md. */
export const DOUBLED = { TARGET_HEIGHT: "720" } as const;

const RATE = 24;

/** A film at 24 fps with sound: `clip` where one is given, else `makeTestFilm`. */
export const makeFilm = (
  path: string,
  seconds: number,
  size: FilmSize = FILM_SIZES[0],
  clip?: string,
): Promise<string> =>
  clip === undefined ? makeTestFilm(path, seconds, size) : shapeClip(clip, path, seconds, size);

/**
 * Motion, hard edges and grain in every frame, so that nothing is reused: a test picture under
 * film-like noise. It costs a codec about twice what a film does.
 */
const makeTestFilm = (path: string, seconds: number, { width, height }: FilmSize) =>
  makeClip(path, {
    ...{ width, height, rate: RATE, seconds, pictures: "testsrc2" },
    extraArgs: ["-vf", "noise=alls=6:allf=t", "-crf", "20", "-preset", "veryfast"],
  });

/** A real film's pictures, over and over, at this size: each of them lasts 1/24 s, whatever it did. */
async function shapeClip(
  clip: string,
  path: string,
  seconds: number,
  { width, height }: FilmSize,
): Promise<string> {
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=increase:flags=lanczos`;
  const filters = `${fit},crop=${width}:${height},setsar=1,setpts=N/${RATE}/TB`;
  await runFfmpeg([
    ...["-stream_loop", "-1", "-i", clip],
    ...["-f", "lavfi", "-i", `sine=frequency=440:sample_rate=48000:duration=${seconds}`],
    ...["-map", "0:v:0", "-map", "1:a:0", "-vf", filters, "-r", String(RATE)],
    ...["-frames:v", String(RATE * seconds), "-pix_fmt", "yuv420p"],
    ...["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-c:a", "aac", "-ac", "2", path],
  ]);
  return path;
}
