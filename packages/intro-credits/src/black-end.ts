import { runToEnd } from "@upreel/media";
import { partInput } from "./part-input.ts";
import type { Span } from "./span.ts";

/** Credits are white letters on black: so much of a picture is. */
const BLACK_PERCENT = 85;
const SHORTEST_SECONDS = 15;
/** Pictures that stand for themselves are further apart than this in no usual file. */
const LONGEST_STEP_SECONDS = 30;

/** The lines of a film's end are some hundred kilobytes. */
const MOST_BYTES = 32 * 1024 * 1024;

/** One picture, and whether it is black. */
interface Picture {
  readonly at: number;
  readonly isBlack: boolean;
}

/**
 * The longest black stretch of this part of the film, which is where the credits are; undefined: there is none. Only key
 * frames are looked at, and every picture of the step before the first black one.
 */
export async function findBlackEnd(
  ffmpeg: string,
  path: string,
  part: Span,
): Promise<Span | undefined> {
  const keys = await readPictures(ffmpeg, path, part, { onlyKeys: true });
  const stretch = longestStretch(keys, part.end);
  if (stretch === undefined) return undefined;
  const lastKey = keys.findLast(({ at }) => at < stretch.start)?.at ?? part.start;
  const step = Math.min(stretch.start - lastKey, LONGEST_STEP_SECONDS);
  if (step <= 0) return stretch;
  const before = { start: stretch.start - step, end: stretch.start };
  const near = await readPictures(ffmpeg, path, before, { onlyKeys: false });
  const lastBright = near.findLast(({ isBlack }) => !isBlack);
  const first = near.find(({ at }) => at > (lastBright?.at ?? -1));
  return { start: first?.at ?? stretch.start, end: stretch.end };
}

/** A stretch ends at the first bright picture, or at `end`. */
function longestStretch(pictures: readonly Picture[], end: number): Span | undefined {
  let best: Span | undefined;
  let start: number | undefined;
  const close = (at: number): void => {
    if (start === undefined) return;
    const length = at - start;
    if (length >= SHORTEST_SECONDS && (best === undefined || length > best.end - best.start))
      best = { start, end: at };
    start = undefined;
  };
  for (const { at, isBlack } of pictures) {
    if (isBlack) start ??= at;
    else close(at);
  }
  close(end);
  return best;
}

async function readPictures(
  ffmpeg: string,
  path: string,
  part: Span,
  { onlyKeys }: { readonly onlyKeys: boolean },
): Promise<readonly Picture[]> {
  const parameters = [
    ...["-v", "info", ...(onlyKeys ? ["-skip_frame", "nokey"] : [])],
    ...partInput(path, part),
    ...["-map", "0:v:0", "-an", "-sn", "-dn", "-fps_mode", "passthrough"],
    ...["-vf", "scale=128:72:flags=area,format=gray,blackframe=amount=0:threshold=32"],
    ...["-f", "null", "-"],
  ];
  const { stderr } = await runToEnd(ffmpeg, parameters, { mostBytes: MOST_BYTES });
  return [...stderr.matchAll(/pblack:(\d+) pts:-?\d+ t:(-?[\d.]+)/g)].map(([, black, at]) => ({
    ...{ at: part.start + Number(at), isBlack: Number(black) >= BLACK_PERCENT },
  }));
}
