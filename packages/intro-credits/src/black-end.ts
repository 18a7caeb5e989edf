import { filmInput } from "@upreel/media";
import type { Span } from "./common-sound.ts";
import { runFfmpeg } from "./run-ffmpeg.ts";

/** Credits are white letters on black: so much of a picture is. */
const BLACK_PERCENT = 85;
const SHORTEST_SECONDS = 15;
/** Pictures that stand for themselves are further apart than this in no usual file. */
const LONGEST_STEP_SECONDS = 30;

/** One picture, and whether it is black. */
interface Picture {
  readonly at: number;
  readonly isBlack: boolean;
}

/**
 * The longest black stretch from `from` on, which is where the credits are; undefined: there is none. Only key
 * frames are looked at, and every picture of the step before the first black one.
 */
export async function findBlackEnd(
  ffmpeg: string,
  path: string,
  { from, duration }: { readonly from: number; readonly duration: number },
): Promise<Span | undefined> {
  const keys = await readPictures(ffmpeg, path, { from, to: duration, onlyKeys: true });
  const stretch = longestStretch(keys, duration);
  if (stretch === undefined) return undefined;
  const before = keys.findLast(({ at }) => at < stretch.start)?.at ?? from;
  const step = Math.min(stretch.start - before, LONGEST_STEP_SECONDS);
  if (step <= 0) return stretch;
  const near = await readPictures(ffmpeg, path, {
    ...{ from: stretch.start - step, to: stretch.start, onlyKeys: false },
  });
  const lastBright = near.findLast(({ isBlack }) => !isBlack);
  const first = near.find(({ at }) => at > (lastBright?.at ?? -1));
  return { start: first?.at ?? stretch.start, end: stretch.end };
}

/** A stretch ends at the first bright picture, or with the film. */
function longestStretch(pictures: readonly Picture[], duration: number): Span | undefined {
  let best: Span | undefined;
  let start: number | undefined;
  const close = (end: number): void => {
    if (start === undefined) return;
    const length = end - start;
    if (length >= SHORTEST_SECONDS && (best === undefined || length > best.end - best.start))
      best = { start, end };
    start = undefined;
  };
  for (const { at, isBlack } of pictures) {
    if (isBlack) start ??= at;
    else close(at);
  }
  close(duration);
  return best;
}

async function readPictures(
  ffmpeg: string,
  path: string,
  {
    from,
    to,
    onlyKeys,
  }: { readonly from: number; readonly to: number; readonly onlyKeys: boolean },
): Promise<readonly Picture[]> {
  const { stderr } = await runFfmpeg(ffmpeg, [
    ...["-v", "info", ...(onlyKeys ? ["-skip_frame", "nokey"] : [])],
    ...filmInput(path, "-ss", from.toFixed(3), "-t", (to - from).toFixed(3)),
    ...["-map", "0:v:0", "-an", "-sn", "-dn", "-fps_mode", "passthrough"],
    ...[
      "-vf",
      "scale=128:72:flags=area,format=gray,blackframe=amount=0:threshold=32",
      "-f",
      "null",
      "-",
    ],
  ]);
  return [...stderr.matchAll(/pblack:(\d+) pts:-?\d+ t:(-?[\d.]+)/g)].map(([, black, at]) => ({
    ...{ at: from + Number(at), isBlack: Number(black) >= BLACK_PERCENT },
  }));
}
