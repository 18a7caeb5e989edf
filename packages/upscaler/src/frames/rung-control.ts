import type { FoundRule } from "./plan-work.ts";

/**
 * Which rung of a job makes which frame: words in a SharedArrayBuffer beside those of `frame-control.ts`. A rung takes
 * over at the first frame of a segment, when every thread has it loaded: until then the one before goes on.
 */
const WORD = {
  /** The rung of the next frame, and the first frame that it made. */
  current: 0,
  since: 1,
  /** The rung to change to, and the frame from which on it may be. */
  wanted: 2,
  wantedFrom: 3,
  /** 1 while a thread loads: one at a time, so that the others go on with frames. */
  loading: 4,
  /** From here on two words a rung. */
  rungs: 5,
} as const;
const OF_RUNG = {
  /** How many threads have it loaded, or less than 0 when it cannot be. */
  loaded: 0,
  /** How it can be run on parts of a picture, when that is known. */
  tileRule: 1,
} as const;
const WORDS_OF_RUNG = 2;
const REFUSED = -1_000;
/** Of a rule: 0 is not known yet. */
const NO_RULE = -1;
const ALIGN_BITS = 8;

export interface RungControl {
  readonly shared: SharedArrayBuffer;
  readonly words: Int32Array;
}

export function createRungControl(rungs: number): RungControl {
  return openRungControl(
    new SharedArrayBuffer((WORD.rungs + WORDS_OF_RUNG * rungs) * Int32Array.BYTES_PER_ELEMENT),
  );
}
export const openRungControl = (shared: SharedArrayBuffer): RungControl => ({
  shared,
  words: new Int32Array(shared),
});

const wordOf = (rung: number, word: keyof typeof OF_RUNG): number =>
  WORD.rungs + WORDS_OF_RUNG * rung + OF_RUNG[word];

/** The rung of a frame, and the first frame of those that it makes in a row. */
export interface FrameRung {
  readonly rung: number;
  readonly since: number;
}

export const currentRung = ({ words }: RungControl): FrameRung => ({
  rung: Atomics.load(words, WORD.current),
  since: Atomics.load(words, WORD.since),
});
export const wantedRung = ({ words }: RungControl): number => Atomics.load(words, WORD.wanted);

export function wantRung({ words }: RungControl, rung: number, fromFrame: number): void {
  Atomics.store(words, WORD.wantedFrom, fromFrame);
  Atomics.store(words, WORD.wanted, rung);
}

/** Takes the one turn to load; false when another thread has it. */
export const takeLoadingTurn = ({ words }: RungControl): boolean =>
  Atomics.compareExchange(words, WORD.loading, 0, 1) === 0;
export const giveLoadingTurn = ({ words }: RungControl): void =>
  void Atomics.store(words, WORD.loading, 0);

export const noteLoaded = ({ words }: RungControl, rung: number): void =>
  void Atomics.add(words, wordOf(rung, "loaded"), 1);
export const noteReleased = ({ words }: RungControl, rung: number): void =>
  void Atomics.sub(words, wordOf(rung, "loaded"), 1);
/** In how many threads it is loaded. */
const loadedIn = ({ words }: RungControl, rung: number): number =>
  Atomics.load(words, wordOf(rung, "loaded"));

/** It cannot be loaded: nobody tries again. */
export const refuse = ({ words }: RungControl, rung: number): void =>
  void Atomics.store(words, wordOf(rung, "loaded"), REFUSED);
export const isRefused = ({ words }: RungControl, rung: number): boolean =>
  Atomics.load(words, wordOf(rung, "loaded")) < 0;

/** How parts of a picture can be inferred; undefined while nobody has found out. */
export function tileRule({ words }: RungControl, rung: number): FoundRule | undefined {
  const word = Atomics.load(words, wordOf(rung, "tileRule"));
  if (word === 0) return undefined;
  return word === NO_RULE
    ? "none"
    : { halo: word >> ALIGN_BITS, align: word & (2 ** ALIGN_BITS - 1) };
}
export function noteTileRule({ words }: RungControl, rung: number, rule: FoundRule): void {
  const word = rule === "none" ? NO_RULE : (rule.halo << ALIGN_BITS) | rule.align;
  Atomics.store(words, wordOf(rung, "tileRule"), word);
}

/**
 * The rung of the first frame of a segment; only for the thread that hands out frames. `threads`: so many must have a
 * rung before it takes over.
 */
export function rungFrom(c: RungControl, frame: number, threads: number): FrameRung {
  const { words } = c;
  const now = currentRung(c);
  const wanted = wantedRung(c);
  const isDue = wanted !== now.rung && frame >= Atomics.load(words, WORD.wantedFrom);
  if (!isDue || loadedIn(c, wanted) < threads) return now;
  Atomics.store(words, WORD.current, wanted);
  Atomics.store(words, WORD.since, frame);
  return { rung: wanted, since: frame };
}
