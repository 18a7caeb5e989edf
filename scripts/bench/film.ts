import { makeClip } from "@upreel/testkit";

/** Sizes that films of a library have, 16:9. */
export const FILM_SIZES = [
  { width: 640, height: 360 },
  { width: 854, height: 480 },
  { width: 960, height: 540 },
  { width: 1280, height: 720 },
] as const;

/**
 * 640×360, or another size, at 24 fps with motion, edges and grain in every frame, so that nothing is reused: a slow
 * zoom into a fractal under film-like noise, stereo sound.
 */
export const makeFilm = (
  path: string,
  seconds: number,
  { width, height }: { readonly width: number; readonly height: number } = FILM_SIZES[0],
): Promise<string> =>
  makeClip(path, {
    width,
    height,
    rate: 24,
    seconds,
    pictures: "testsrc2",
    extraArgs: ["-vf", "noise=alls=6:allf=t", "-crf", "20", "-preset", "veryfast"],
  });
