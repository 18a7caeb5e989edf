import { LONGEST_FILM_SECONDS, UpreelError } from "@upreel/core";

/**
 * Fewer bytes than this for each second of film are no proof of a lie (a picture that stands still
 * costs a few bytes), but the file is then small enough for its packets to be counted.
 */
const LEAST_BYTES_A_SECOND = 1000;

/** How long one picture stands at most, on average: longer than in any slide show. */
const LONGEST_PICTURE_SECONDS = 600;

/** Beyond this a start time in microseconds is no exact number; clocks that count from 1970 are below. */
const LATEST_START_SECONDS = 2 ** 32;

/** What the header of a file says of its pictures' time. */
export interface ClaimedLength {
  readonly path: string;
  readonly sizeBytes: number;
  /** Where the film begins on the container's clock. */
  readonly zeroSeconds: number;
  /** From there to the end of the last picture. */
  readonly seconds: number;
  /** Pictures in the file; undefined: not counted. */
  readonly pictures?: number | undefined;
}

/** Whether the file has too few bytes for its length to be believed before its pictures are counted. */
export const isLengthDoubtful = ({ sizeBytes, seconds }: ClaimedLength): boolean =>
  sizeBytes < seconds * LEAST_BYTES_A_SECOND;

/**
 * Refuses a length that no film has: every timeline, playlist and loop over segments is bounded by it.
 * Throws `source_too_long`.
 */
export function requirePlausibleLength(claim: ClaimedLength): void {
  const { path, zeroSeconds, seconds, pictures } = claim;
  const most =
    pictures === undefined
      ? LONGEST_FILM_SECONDS
      : Math.min(LONGEST_FILM_SECONDS, pictures * LONGEST_PICTURE_SECONDS);
  // Not `>`, so that NaN is refused, too.
  if (!(Math.abs(zeroSeconds) <= LATEST_START_SECONDS)) {
    throw tooLong(path, {
      expected: `a start time of at most ${LATEST_START_SECONDS} s`,
      got: `${zeroSeconds} s`,
    });
  }
  if (seconds <= most) return;
  throw tooLong(path, {
    expected:
      pictures === undefined || most === LONGEST_FILM_SECONDS
        ? `at most ${LONGEST_FILM_SECONDS / 3600} hours`
        : `at most ${most} s for ${pictures} pictures`,
    got: `${hours(seconds)} hours in ${claim.sizeBytes} bytes`,
  });
}

const hours = (seconds: number): string => (seconds / 3600).toFixed(seconds < 36_000 ? 2 : 0);

const tooLong = (path: string, details: { expected: string; got: string }): UpreelError =>
  new UpreelError(
    "source_too_long",
    `${path} is longer than a film can be, or its header is wrong: if it plays well elsewhere, rewrite it with ffmpeg -i … -c copy`,
    details,
  );
