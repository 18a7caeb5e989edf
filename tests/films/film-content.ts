import type { FilmSpec, PieceSpec } from "./film-spec.ts";

/** What a film holds, by its own count: what must come out of it. */
export interface MadeFilm {
  readonly path: string;
  readonly pieces: readonly MadePiece[];
  /**
   * Frames by which pictures may be told later than they were made. A pack of a VOB may end within the headers of
   * a picture: its time is that of the next one then, and ffmpeg takes it for this one's.
   */
  readonly slackFrames: number;
}

export interface MadePiece {
  /** Number and time of each picture, seconds of the piece. */
  readonly pictures: readonly { readonly number: number; readonly seconds: number }[];
  /** When a beep begins. */
  readonly beeps: readonly number[];
  /** Of its pictures and its sound, whichever ends later. */
  readonly seconds: number;
  /** How much longer its last picture may stand: some containers say so of it as they do of the first ones. */
  readonly lastPictureSeconds: number;
}

/** Levels of luma that the bits of a picture's number have, and of its chroma. */
export const LEVELS = { zero: 60, one: 180, blue: 110, red: 145 } as const;
/** Bits lie in two rows of eight. */
export const BITS = { columns: 8, rows: 2 } as const;
export const BEEP = { every: 0.5, first: 0.25, seconds: 0.06 } as const;

const toNumber = (rate: string): number => {
  const [num = 0, den = 1] = rate.split("/").map(Number);
  return num / den;
};

/** When picture n of a piece is shown, where none is left out. */
function timeOf({ pace }: FilmSpec, n: number): number {
  switch (pace.kind) {
    case "constant":
    case "gaps":
      return n / toNumber(pace.rate);
    case "change":
      return n < pace.count
        ? n / pace.first
        : pace.count / pace.first + (n - pace.count) / pace.next;
    case "telecine":
      return ((Math.floor(n / 2) * 5 + (n % 2) * 2) * 1001) / 60_000;
  }
}

/** Before any is left out. */
export function picturesIn(spec: FilmSpec, { seconds }: PieceSpec): number {
  let n = 0;
  while (timeOf(spec, n) < seconds) n += 1;
  return n;
}

function isKept(spec: FilmSpec, n: number): boolean {
  // As ffmpeg counts them: at the border of a hole a rounding error would tell.
  const seconds = Math.round(90_000 * timeOf(spec, n)) / 90_000;
  const [from, to] = spec.hole ?? [0, 0];
  const isInHole = seconds >= from && seconds < to;
  return !isInHole && (spec.pace.kind !== "gaps" || n % spec.pace.every !== 2);
}

export function picturesOf(spec: FilmSpec, piece: PieceSpec, first: number): MadePiece["pictures"] {
  return Array.from({ length: picturesIn(spec, piece) }, (_, n) => n)
    .filter((n) => isKept(spec, n))
    .map((n) => ({ number: first + n, seconds: timeOf(spec, n) }));
}

export function beepsOf({ sound }: FilmSpec, { seconds }: PieceSpec): number[] {
  if (sound === undefined) return [];
  const end = seconds + sound.longerSeconds;
  const all = Array.from({ length: 40 }, (_, k) => BEEP.first + k * BEEP.every);
  const [from, to] = sound.hole ?? [0, 0];
  // Where packets are missing, or the sound begins or ends, a beep may be cut: it is not looked at.
  const isNear = (at: number): boolean => at > from - 0.15 && at < to + 0.3 && to > 0;
  return all.filter((at) => at > sound.lateSeconds + 0.05 && at < end - 0.1 && !isNear(at));
}

export function lengthOf(
  spec: FilmSpec,
  place: number,
  pictures: MadePiece["pictures"],
  first: number,
): number {
  const [piece, next] = spec.pieces.slice(place, place + 2);
  const { seconds = 0, clockSeconds = 0 } = piece ?? {};
  const n = (pictures.at(-1)?.number ?? 0) - first;
  // As long as pictures last there, also where those before it are left out.
  const pictureEnd = timeOf(spec, n + 1);
  const sound = spec.sound === undefined ? 0 : seconds + spec.sound.longerSeconds;
  // Where the clock goes on, a hole at the end of a recording is one in the midst of the film.
  const goesOn = next !== undefined && Math.abs(next.clockSeconds - clockSeconds - seconds) < 0.001;
  return Math.max(pictureEnd, sound, goesOn ? seconds : 0);
}
