import { PTS_PER_SECOND, toNumber, type Rational, type TimelinePiece } from "@upreel/core";
import { frameOfPicture, gridZero } from "./lost-pictures.ts";
import type { ClockPiece, TrackPart } from "./clock-pieces.ts";

/** The frames of a film: a timeline but for its rate and its cut in segments. */
export interface LaidFilm {
  readonly zeroMicros: number;
  readonly frameCount: number;
  /** Absent: one piece, in which the last picture does not stand for long. */
  readonly pieces?: TimelinePiece[];
}

/** The tracks that a film is: what else is in the file moves neither its beginning nor its sound. */
export interface FilmTracks {
  /** Index of the picture track. */
  readonly video: number;
  /** Index of the film's own sound; undefined: it has none. */
  readonly mainSound: number | undefined;
}

export interface LayRequest extends FilmTracks {
  /** At least one. */
  readonly pieces: readonly ClockPiece[];
  readonly rate: Rational;
  /** Each piece is opened as a film of its own: formats whose parts can be read alone. */
  readonly opensBytes: boolean;
  /** The clock at the first frame, where a film was begun with it; undefined: to be found. */
  readonly zeroMicros?: number | undefined;
  /** More is being written: the last piece is certain up to there, on its clock. */
  readonly certainMicros?: number | undefined;
}

/** Sound that begins before the pictures of a piece by less than this is cut to them. */
const SOUND_EDGE_MICROS = 100_000;
/** Longer sound goes on under the last picture; a packet or two are how films are cut. */
const SOUND_TAIL_MICROS = 60_000;

/** A piece with its place in the film. */
interface PlacedPiece {
  readonly piece: ClockPiece;
  readonly firstFrame: number;
  /** Clock at the first frame, as it is read from the file's beginning. */
  readonly clockMicros: number;
  readonly frames: number;
  /** Frames from the first one to the end of its pictures. */
  readonly pictures: number;
}

/**
 * Places the pieces of a film one behind the other. Each begins with its first picture or sound, on the
 * grid of frames that its pictures lie on, and lasts until the end of the longer of both.
 */
export function placePieces(request: LayRequest): PlacedPiece[] {
  const { pieces, certainMicros } = request;
  const placed: PlacedPiece[] = [];
  let firstFrame = 0;
  for (const [n, piece] of pieces.entries()) {
    const clockMicros = n === 0 ? clockOfFirst(piece, request) : clockOfLater(piece, request);
    const isOpen = n === pieces.length - 1 && certainMicros !== undefined;
    const length = isOpen
      ? certainLength(clockMicros, certainMicros, request)
      : lengthOf(piece, clockMicros, request);
    placed.push({ piece, firstFrame, clockMicros, ...length });
    firstFrame += length.frames;
  }
  return placed;
}

/** The same as a timeline says it. */
export function layPieces(request: LayRequest): LaidFilm {
  const { rate, opensBytes } = request;
  const placed = placePieces(request);
  const laid = placed.map(({ piece, firstFrame, clockMicros, pictures }, n): TimelinePiece => {
    const next = placed[n + 1];
    return {
      firstFrame,
      clockMicros: opensBytes && n > 0 ? clockOfBytes(clockMicros, piece) : clockMicros,
      stillFrom: firstFrame + pictures,
      ...(opensBytes && placed.length > 1
        ? {
            fromByte: n === 0 ? 0 : piece.fromByte,
            ...(next === undefined ? {} : { toByte: next.piece.fromByte }),
          }
        : {}),
    };
  });
  const [only] = laid;
  const frameCount = placed.reduce((sum, { frames }) => sum + frames, 0);
  const isStill = frameCount - (only?.stillFrom ?? 0) > toNumber(rate);
  return {
    ...{ zeroMicros: only?.clockMicros ?? 0, frameCount: Math.max(1, frameCount) },
    ...(laid.length > 1 || isStill ? { pieces: laid } : {}),
  };
}

const partOf = ({ parts }: ClockPiece, track: number): TrackPart | undefined =>
  parts.find((part) => part.track === track);

/** When the first picture of a piece is shown, or its own sound begins, whichever is earlier. */
export function beginOf(piece: ClockPiece, { video, mainSound }: FilmTracks): number {
  const own = piece.parts.filter(({ track }) => track === video || track === mainSound);
  return own.length === 0
    ? piece.startMicros
    : Math.min(...own.map(({ startMicros }) => startMicros));
}

function clockOfFirst(piece: ClockPiece, request: LayRequest): number {
  if (request.zeroMicros !== undefined) return request.zeroMicros;
  const times = partOf(piece, request.video)?.pictures ?? new Float64Array();
  return gridZero({ times, zeroMicros: beginOf(piece, request) }, request.rate);
}

function clockOfLater(piece: ClockPiece, request: LayRequest): number {
  const { video, rate } = request;
  const begin = beginOf(piece, request);
  const first = partOf(piece, video)?.startMicros ?? begin;
  const lead = first - begin;
  const frameMicros = 1e6 / toNumber(rate);
  return Math.round(
    first - (lead <= SOUND_EDGE_MICROS ? 0 : Math.ceil(lead / frameMicros) * frameMicros),
  );
}

/** The clocks of MPEG-TS and PS have 33 bits at 90 kHz. */
const WRAP_MICROS = (2 ** 33 / PTS_PER_SECOND) * 1e6;
const BEFORE_WRAP_MICROS = 60_000_000;

/**
 * The clock for who opens the file at this piece. ffmpeg counts on over the end of the 33 bits, from the
 * first packet that it has seen on, and below zero where that lies in the last minute before it.
 */
function clockOfBytes(clockMicros: number, { startMicros }: ClockPiece): number {
  const wraps = Math.floor(startMicros / WRAP_MICROS);
  const isLate = startMicros - wraps * WRAP_MICROS >= WRAP_MICROS - BEFORE_WRAP_MICROS;
  return Math.round(clockMicros - (wraps + (isLate ? 1 : 0)) * WRAP_MICROS);
}

/** The same of a piece that is being written. */
function certainLength(clockMicros: number, certainMicros: number, { rate }: LayRequest) {
  const whole = Math.floor(((certainMicros - clockMicros) * toNumber(rate)) / 1e6);
  const frames = Math.max(0, whole);
  return { frames, pictures: frames };
}

/** Frames from `clockMicros` to the end of a piece, and to the end of its pictures. */
function lengthOf(
  piece: ClockPiece,
  clockMicros: number,
  { video, rate }: LayRequest,
): { frames: number; pictures: number } {
  const part = partOf(piece, video);
  const framesUntil = (micros: number): number => ((micros - clockMicros) * toNumber(rate)) / 1e6;
  const last = part?.pictures.at(-1);
  const pictures =
    last === undefined ? 1 : Math.max(1, frameOfPicture(last, clockMicros, rate) + 1);
  const shown = Math.max(pictures, Math.round(framesUntil(part?.endMicros ?? clockMicros)));
  const isLonger = framesUntil(piece.endMicros - SOUND_TAIL_MICROS) > shown;
  return { frames: isLonger ? Math.ceil(framesUntil(piece.endMicros)) : shown, pictures };
}
