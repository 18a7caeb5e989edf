import { makeClip } from "@upreel/testkit";

/**
 * 640×360 at 24 fps with motion, edges and grain in every frame, so that nothing is reused: a slow
 * zoom into a fractal under film-like noise, stereo sound.
 */
export const makeFilm = (path: string, seconds: number): Promise<string> =>
  makeClip(path, {
    width: 640,
    height: 360,
    rate: 24,
    seconds,
    pictures: "testsrc2",
    extraArgs: ["-vf", "noise=alls=6:allf=t", "-crf", "20", "-preset", "veryfast"],
  });
