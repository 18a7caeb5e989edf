/**
 * What the inference threads of one job share: a few 32-bit words in a SharedArrayBuffer. Threads read
 * frames in turn under a lock, infer in parallel and write in order, so backpressure is the pipes' own.
 */
const WORD = {
  lock: 0,
  /** Next frame to be read. */
  nextRead: 1,
  /** Next frame to be written; all before it are with the encoder. */
  nextWrite: 2,
  stopped: 3,
  paused: 4,
  /** 0, or a Verdict about the end of input. */
  verdict: 5,
  /** Inference that was saved, in hundredths of a frame: 2³¹ of them are ten days of film. */
  saved: 6,
  /**
   * Counts the changes of all words but the lock. Who waits for one reads the count first, then looks,
   * then sleeps on the count: a change in between wakes it at once, so none is missed.
   */
  changes: 7,
  /** Time in the decoder's and in the encoder's pipe, in tenths of a millisecond; they start anew after two days. */
  inDecoder: 8,
  inEncoder: 9,
} as const;
const WORDS = 10;

/** What to do when the input ended before the last frame: 1 repeat the last frame, 2 end here, 3 give up. */
const VERDICT = { repeat: 1, finish: 2, stop: 3 } as const;
export type Verdict = keyof typeof VERDICT;

export interface FrameControl {
  readonly shared: SharedArrayBuffer;
  readonly words: Int32Array;
}

export const createFrameControl = (
  shared = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT),
): FrameControl => ({ shared, words: new Int32Array(shared) });

export const framesWritten = (c: FrameControl): number => Atomics.load(c.words, WORD.nextWrite);
/** Inference that was saved, in frames. */
export const framesSaved = (c: FrameControl): number => Atomics.load(c.words, WORD.saved) / 100;
export const isStopped = (c: FrameControl): boolean => Atomics.load(c.words, WORD.stopped) === 1;
const isPaused = (c: FrameControl): boolean => Atomics.load(c.words, WORD.paused) === 1;

function setAndWake(c: FrameControl, word: number, value: number): void {
  Atomics.store(c.words, word, value);
  wakeAll(c);
}

/** Who waits looks again: something else than these words changed. */
export function wakeAll(c: FrameControl): void {
  Atomics.add(c.words, WORD.changes, 1);
  Atomics.notify(c.words, WORD.changes);
}

/** Blocks until `look` gives something; it is called again after every change. */
function waitFor<T>(c: FrameControl, look: () => T | undefined): T {
  for (;;) {
    const changes = Atomics.load(c.words, WORD.changes);
    const found = look();
    if (found !== undefined) return found;
    Atomics.wait(c.words, WORD.changes, changes);
  }
}

/** Every thread leaves at its next step; a thread inside a read or write leaves when its peer is killed. */
export const stop = (c: FrameControl): void => setAndWake(c, WORD.stopped, 1);
export const pause = (c: FrameControl): void => setAndWake(c, WORD.paused, 1);
export const resume = (c: FrameControl): void => setAndWake(c, WORD.paused, 0);
export const giveVerdict = (c: FrameControl, verdict: Verdict): void =>
  setAndWake(c, WORD.verdict, VERDICT[verdict]);

/** Blocks until the lock is ours. Only for worker threads. */
export function lockReads(c: FrameControl): void {
  while (Atomics.compareExchange(c.words, WORD.lock, 0, 1) !== 0) {
    Atomics.wait(c.words, WORD.lock, 1);
  }
}
export function unlockReads(c: FrameControl): void {
  Atomics.store(c.words, WORD.lock, 0);
  Atomics.notify(c.words, WORD.lock, 1);
}

/** Blocks while paused, and while nothing else is to be done (`hasWork`). */
export const waitWhilePaused = (
  c: FrameControl,
  hasWork: () => boolean,
): "go" | "stopped" | "work" =>
  waitFor(c, () =>
    isStopped(c) ? "stopped" : hasWork() ? "work" : isPaused(c) ? undefined : "go",
  );

export const nextRead = (c: FrameControl): number => Atomics.load(c.words, WORD.nextRead);
export const setNextRead = (c: FrameControl, frame: number): void =>
  void Atomics.store(c.words, WORD.nextRead, frame);

/** Blocks until it is `frame`'s turn to be written; false when stopped. */
export const waitForTurn = (c: FrameControl, frame: number): boolean =>
  waitFor(c, () => (isStopped(c) ? false : framesWritten(c) === frame ? true : undefined));

/** Blocks until at least `frames` frames are written; false when stopped. */
export const waitUntilWritten = (c: FrameControl, frames: number): boolean =>
  waitFor(c, () => (isStopped(c) ? false : framesWritten(c) >= frames ? true : undefined));

export const setWritten = (c: FrameControl, frames: number): void =>
  setAndWake(c, WORD.nextWrite, frames);
/** `share` of a frame was not inferred. */
export const countSaved = (c: FrameControl, share: number): void =>
  void Atomics.add(c.words, WORD.saved, Math.round(100 * share));

/** Time spent in a pipe: one thread at a time is in each. */
export const countTime = (c: FrameControl, pipe: "inDecoder" | "inEncoder", ms: number): void =>
  void Atomics.add(c.words, WORD[pipe], Math.round(10 * ms));
/** Milliseconds since an earlier look. */
export function createPipeClock({ words }: FrameControl): () => PipeTimes {
  let [decoder, encoder] = [0, 0];
  return () => {
    const before = [decoder, encoder] as const;
    decoder = Atomics.load(words, WORD.inDecoder);
    encoder = Atomics.load(words, WORD.inEncoder);
    // Also where the word began anew in between.
    return {
      decoderMs: ((decoder - before[0]) | 0) / 10,
      encoderMs: ((encoder - before[1]) | 0) / 10,
    };
  };
}

export interface PipeTimes {
  readonly decoderMs: number;
  readonly encoderMs: number;
}

/** Blocks until the main thread has said what the end of input means. */
export const waitForVerdict = (c: FrameControl): Verdict =>
  waitFor(c, () => (isStopped(c) ? "stop" : verdictNow(c)));

function verdictNow(c: FrameControl): Verdict | undefined {
  switch (Atomics.load(c.words, WORD.verdict)) {
    case VERDICT.repeat:
      return "repeat";
    case VERDICT.finish:
      return "finish";
    case VERDICT.stop:
      return "stop";
    default:
      return undefined;
  }
}
