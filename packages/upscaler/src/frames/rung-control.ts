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
  /** From here on, by rung: how many threads have it loaded, or less than 0 when it cannot be. */
  loaded: 5,
} as const;
const REFUSED = -1_000;

export interface RungControl {
  readonly shared: SharedArrayBuffer;
  readonly words: Int32Array;
}

export function createRungControl(rungs: number): RungControl {
  return openRungControl(
    new SharedArrayBuffer((WORD.loaded + rungs) * Int32Array.BYTES_PER_ELEMENT),
  );
}
export const openRungControl = (shared: SharedArrayBuffer): RungControl => ({
  shared,
  words: new Int32Array(shared),
});

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
  void Atomics.add(words, WORD.loaded + rung, 1);
export const noteReleased = ({ words }: RungControl, rung: number): void =>
  void Atomics.sub(words, WORD.loaded + rung, 1);
/** In how many threads it is loaded. */
const loadedIn = ({ words }: RungControl, rung: number): number =>
  Atomics.load(words, WORD.loaded + rung);

/** It cannot be loaded: nobody tries again. */
export const refuse = ({ words }: RungControl, rung: number): void =>
  void Atomics.store(words, WORD.loaded + rung, REFUSED);
export const isRefused = ({ words }: RungControl, rung: number): boolean =>
  Atomics.load(words, WORD.loaded + rung) < 0;

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
