import { frameSeconds, PTS_OFFSET_FRAMES, type Timeline } from "@upreel/core";
import type { MadeFilm, MadePiece } from "./film-content.ts";
import type { Watched } from "./watch-segments.ts";

/** Beside half a frame: a picture stands where the grid has a place. */
const SOUND_TOLERANCE_SECONDS = 0.02;
/** Of 59.94 and 60 pictures a second in these few seconds, which a timeline may take for each other. */
const DRIFT_SECONDS = 0.006;
const COLOUR_TOLERANCE = 2;
/** What an encoder of AAC puts before the sound and behind it to fill its packets, of 44.1 kHz. */
const PACKETS_SECONDS = 2 * (1024 / 44_100);

/** What is wrong with an upscaled film; nothing where all of it is there, in order and in step. */
export function judgeFilm(film: MadeFilm, timeline: Timeline, watched: Watched): string[] {
  const frame = frameSeconds(timeline, 1);
  const shown = firstTimes(watched);
  return [
    ...picturesLost(film, shown),
    ...orderOf(watched),
    ...gridOf(watched, timeline),
    ...film.pieces.flatMap((piece, i) =>
      paceOf(piece, shown, frame).map((text) => `piece ${i}: ${text}`),
    ),
    ...lengthOf(film, timeline, frame),
    ...soundOf(film, watched, shown, frame),
    ...(watched.colourError > COLOUR_TOLERANCE
      ? [`colours are ${watched.colourError} levels off`]
      : []),
    ...watched.soundJumps
      .slice(0, 2)
      .map(({ seconds, by }) => `sound jumps by ${by.toFixed(3)} s at ${seconds.toFixed(3)} s`),
    ...watched.complaints.slice(0, 2).map((line) => `the decoder says: ${line}`),
  ];
}

type Shown = ReadonlyMap<number, number>;

/** When each picture is seen first. */
function firstTimes({ pictures }: Watched): Shown {
  const times = new Map<number, number>();
  for (const { number, seconds } of pictures) if (!times.has(number)) times.set(number, seconds);
  return times;
}

function picturesLost({ pieces }: MadeFilm, shown: Shown): string[] {
  const numbers = pieces.flatMap(({ pictures }) => pictures.map(({ number }) => number));
  const lost = numbers.filter((number) => !shown.has(number));
  const known = new Set(numbers);
  const strange = [...shown.keys()].filter((number) => !known.has(number));
  return [
    ...(lost.length === 0
      ? []
      : [`${lost.length} of ${numbers.length} pictures are lost: ${few(lost)}`]),
    ...(strange.length === 0 ? [] : [`pictures that the film has not: ${few(strange)}`]),
  ];
}

const few = (numbers: readonly number[]): string =>
  `${numbers.slice(0, 8).join(", ")}${numbers.length > 8 ? ", …" : ""}`;

function orderOf({ pictures }: Watched): string[] {
  const back = pictures.findIndex(({ number }, i) => number < (pictures[i - 1]?.number ?? 0));
  return back < 0
    ? []
    : [`picture ${pictures[back]?.number} comes after ${pictures[back - 1]?.number}`];
}

/** Every frame of the timeline is there, at its time. */
function gridOf({ pictures }: Watched, timeline: Timeline): string[] {
  if (pictures.length !== timeline.frameCount)
    return [`${pictures.length} frames of ${timeline.frameCount}`];
  const wrong = pictures.findIndex(
    ({ seconds }, i) => Math.abs(seconds - frameSeconds(timeline, i + PTS_OFFSET_FRAMES)) > 0.001,
  );
  return wrong < 0 ? [] : [`frame ${wrong} is shown at ${pictures[wrong]?.seconds} s`];
}

/** Pictures follow each other as in the film, to the frame. */
function paceOf({ pictures }: MadePiece, shown: Shown, frame: number): string[] {
  const late = pictures.flatMap(({ number, seconds }) => {
    const at = shown.get(number);
    return at === undefined ? [] : [{ number, by: at - seconds }];
  });
  const usual = late.map(({ by }) => by).toSorted((x, y) => x - y)[late.length >> 1] ?? 0;
  const far = late.filter(
    ({ by }, i) =>
      Math.abs(by - usual) > frame + DRIFT_SECONDS &&
      // The first picture stands from the film's beginning on, whatever its time.
      (i > 0 || by > usual),
  );
  const [worst] = far.toSorted((x, y) => Math.abs(y.by - usual) - Math.abs(x.by - usual));
  if (worst === undefined) return [];
  const by = (worst.by - usual).toFixed(3);
  return [`${far.length} pictures at the wrong time, number ${worst.number} by ${by} s`];
}

/** To the frame at its end, and to half of one at its beginning, so that frames begin when pictures do. */
function lengthOf({ pieces }: MadeFilm, timeline: Timeline, frame: number): string[] {
  const wanted = pieces.reduce((sum, { seconds }) => sum + seconds, 0);
  const got = frameSeconds(timeline, timeline.frameCount);
  const lastPicture = Math.max(...pieces.map(({ lastPictureSeconds }) => lastPictureSeconds));
  const allowed = (1.5 * frame + PACKETS_SECONDS) * pieces.length + lastPicture;
  if (Math.abs(got - wanted) <= allowed) return [];
  return [`it lasts ${got.toFixed(3)} s, the film ${wanted.toFixed(3)} s`];
}

/** Each beep is heard when the picture of its time is seen, and none is heard that the film has not. */
function soundOf(film: MadeFilm, { beeps }: Watched, shown: Shown, frame: number): string[] {
  const problems: string[] = [];
  const apart: number[] = [];
  for (const { pictures, beeps: wanted } of film.pieces)
    for (const at of wanted) {
      const picture = pictures.findLast(({ seconds }) => seconds <= at + 1e-6);
      const seen = picture === undefined ? undefined : shown.get(picture.number);
      if (picture === undefined || seen === undefined) continue;
      const due = seen + at - picture.seconds;
      const heard = nearest(beeps, due);
      if (Math.abs(heard - due) > 0.2) problems.push(`no beep at ${at} s`);
      else apart.push(heard - due);
    }
  /** Sound may be early against pictures that are told late. */
  const isOff = (by: number, frames: number): boolean =>
    by > SOUND_TOLERANCE_SECONDS + frames * frame ||
    -by > SOUND_TOLERANCE_SECONDS + (frames + film.slackFrames) * frame;
  const far = apart.filter((by) => isOff(by, 1 / 2));
  const middle = apart.toSorted((a, b) => a - b)[apart.length >> 1] ?? 0;
  const ms = (seconds: number): string => `${(1000 * seconds).toFixed(0)} ms`;
  if (far.length > 0)
    problems.push(`${far.length} of ${apart.length} beeps off, one by ${ms(far[0] ?? 0)}`);
  else if (isOff(middle, 1 / 4) && frame < 0.06) problems.push(`sound is off by ${ms(middle)}`);
  return problems;
}

const nearest = (values: readonly number[], to: number): number =>
  values.reduce(
    (best, value) => (Math.abs(value - to) < Math.abs(best - to) ? value : best),
    Number.POSITIVE_INFINITY,
  );
