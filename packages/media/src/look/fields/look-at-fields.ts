import { toNumber, type Rational, type Scan } from "@upreel/core";
import type { TakeLook } from "../film-look.ts";
import { patientMs } from "../../ffmpeg/lower-priority.ts";
import { filmInput } from "../../ffmpeg/media-input.ts";
import { judgeFilm, PICTURES_OF_PLACE as PICTURES } from "./judge-fields.ts";

export interface FieldsRequest {
  readonly path: string;
  readonly track: number;
  readonly width: number;
  readonly height: number;
  readonly rate: Rational | undefined;
  /** Whether the file says that it is interlaced; undefined: it says nothing. */
  readonly isFlagged: boolean | undefined;
  /** Length of the film; undefined: only its beginning can be looked at. */
  readonly seconds: number | undefined;
}

/** No interlaced video has more pictures a second, or more lines. */
const FASTEST = 31;
const MOST_LINES = 1_088;
/** Up to this rate it is film that nobody made video of, and is not interlaced; small pictures are looked at all the same. */
const FILM_RATE = 24.5;
const SMALL_PIXELS = 720 * 576;

/** How many pixels are decoded at all places together: two cores take some tenths of a second. Larger pictures cost more. */
const BUDGET_PIXELS = 30_000_000;
/** Each column alone shows whether lines are combed, so that some of them are enough. */
const COLUMNS = 96;
/** A larger picture, which no film has, is not looked at, since it would keep the thread for too long; what the file says counts. */
export const LARGEST_LOOK = { width: COLUMNS, height: 2_304 };
const FIRST_PLACES = [0.2, 0.5, 0.8];
/** The first places in films of large pictures, which take long to decode. */
const FIRST_OF_LARGE = [0.3, 0.7];
/** Longer films that are not said to be interlaced are looked at less before they start, if all of it is looked at later. */
const LONG_SECONDS = 300;
const MORE_PLACES = [0.07, 0.14, 0.38, 0.44, 0.59, 0.66, 0.88, 0.95];
/** How much film is read at one place; where key frames are further apart, nothing is found there. */
const LONGEST_READ_SECONDS = 12;
const LONGEST_LOOK_MS = 10_000;
/** Without this limit ffmpeg decodes five megabytes of a transport stream before its first picture, which costs more than the look. */
const PROBE_BYTES = "1000000";

interface LookTools {
  readonly ffmpeg: string;
  readonly niceness?: number | undefined;
  readonly look: TakeLook;
}

export interface HowThorough {
  /** Whether many places are looked at even if the first ones are clear. */
  readonly isThorough: boolean;
  /** Whether all of the film will be read and looked at thoroughly later. */
  readonly willBeReviewed: Promise<boolean>;
}

/**
 * Looks at pictures at three places, or at more if these leave a doubt or `isThorough`, and says how the film was taken;
 * undefined if it need not be looked at, or if the pictures do not tell. The viewer of a long film waits for one place if
 * that one is clear, and for none if the film has the rate of film, at which hardly anything is interlaced.
 * Rejects with the abort reason.
 */
export async function lookAtFields(
  request: FieldsRequest,
  tools: LookTools,
  signal: AbortSignal,
  { isThorough, willBeReviewed }: HowThorough,
): Promise<Scan | undefined> {
  if (!isWorthALook(request)) return undefined;
  const isGlanced = !isThorough && isLong(request);
  if (isGlanced && isAtFilmRate(request) && (await willBeReviewed)) return undefined;
  const { places, pictures } = plannedLook(request);
  const look = async (at: readonly (number | undefined)[]): Promise<(Scan | undefined)[]> => {
    const found = [];
    // Three at a time.
    for (let n = 0; n < at.length; n += FIRST_PLACES.length) {
      const some = at.slice(n, n + FIRST_PLACES.length);
      found.push(
        ...(await Promise.all(some.map((each) => lookAt(request, each, pictures, tools, signal)))),
      );
    }
    return found.flat();
  };
  const middle = Math.floor(places.length / 2);
  const glance = isGlanced ? await look(places.slice(middle, middle + 1)) : [];
  if (isClear(glance) && (await willBeReviewed)) return judgeFilm(glance);
  const others = places.filter((_, n) => !isGlanced || n !== middle);
  const first = [...glance, ...(await look(others))];
  if (places.length === 1 || (isClear(first) && !isThorough)) return judgeFilm(first);
  const seconds = request.seconds ?? 0;
  return judgeFilm([...first, ...(await look(MORE_PLACES.map((part) => part * seconds)))]);
}

/** Whether something was found, and all of it is whole pictures. */
function isClear(places: readonly (Scan | undefined)[]): boolean {
  const known = places.filter((place) => place !== undefined);
  return known.length > 0 && known.every(({ kind }) => kind === "progressive");
}

const isLong = ({ seconds, isFlagged }: FieldsRequest): boolean =>
  isFlagged !== true && (seconds ?? 0) > LONG_SECONDS;

const isAtFilmRate = ({ rate }: FieldsRequest): boolean => perSecondOf(rate) <= FILM_RATE;

const perSecondOf = (rate: Rational | undefined): number =>
  rate === undefined ? 0 : toNumber(rate);

function isWorthALook({ width, height, rate, isFlagged }: FieldsRequest): boolean {
  if (height > LARGEST_LOOK.height) return false;
  if (isFlagged === true) return true;
  const perSecond = perSecondOf(rate);
  if (perSecond > FASTEST || height > MOST_LINES) return false;
  return perSecond > FILM_RATE || isFlagged === undefined || width * height <= SMALL_PIXELS;
}

/** The places where pictures are read, and how many at each. A short film is read from its beginning. */
function plannedLook({ width, height, rate, seconds }: FieldsRequest): {
  readonly places: readonly (number | undefined)[];
  readonly pictures: number;
} {
  const affordable = Math.floor(BUDGET_PIXELS / (width * height));
  const inFilm = (seconds ?? 0) * (rate === undefined ? FASTEST : toNumber(rate));
  if (seconds === undefined || inFilm <= Math.max(affordable, FIRST_PLACES.length * PICTURES)) {
    return { places: [undefined], pictures: Math.min(Math.max(affordable, 48), 1_000) };
  }
  const each = Math.floor(affordable / FIRST_PLACES.length / PICTURES) * PICTURES;
  const pictures = Math.min(Math.max(each, PICTURES), 4 * PICTURES);
  const parts = width * height > SMALL_PIXELS ? FIRST_OF_LARGE : FIRST_PLACES;
  return { places: parts.map((part) => part * seconds), pictures };
}

/** What is found from `seconds` on, by PICTURES each; nothing where it cannot be decoded, or nobody can look. */
async function lookAt(
  request: FieldsRequest,
  seconds: number | undefined,
  pictures: number,
  { ffmpeg, niceness, look }: LookTools,
  signal: AbortSignal,
): Promise<(Scan | undefined)[]> {
  const width = Math.min(COLUMNS, request.width);
  const { height } = request;
  const args = sampleArguments(request, { seconds, pictures, width });
  const longestMs = patientMs(LONGEST_LOOK_MS, niceness);
  const bounds = { longestMs, ...(niceness === undefined ? {} : { niceness }) };
  try {
    const answer = await look(
      { kind: "fields", ffmpeg, args, width, height, pictures, ...bounds },
      signal,
    );
    return answer.kind === "fields" ? answer.places.map((place) => place ?? undefined) : [];
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

function sampleArguments(
  { path, track, height }: FieldsRequest,
  at: { readonly seconds: number | undefined; readonly pictures: number; readonly width: number },
): string[] {
  const seek = at.seconds === undefined ? [] : ["-noaccurate_seek", "-ss", at.seconds.toFixed(3)];
  return [
    ...["-v", "error", "-nostdin"],
    // Blocks have no lines: decoded without its filter they say the same, in less time.
    ...filmInput(
      path,
      ...[...seek, "-t", String(LONGEST_READ_SECONDS)],
      ...["-threads", "1", "-probesize", PROBE_BYTES, "-skip_loop_filter", "all"],
    ),
    ...["-map", `0:${track}`, "-an", "-sn", "-dn"],
    // Every line as it is: anything but the nearest column would smooth what is looked for.
    ...["-vf", `scale=${at.width}:${height}:flags=neighbor,format=gray`],
    ...["-frames:v", String(at.pictures), "-fps_mode", "passthrough", "-f", "rawvideo", "-"],
  ];
}
