import { segmentFileName } from "@upreel/core";
import type { Batch, BatchMaker } from "../batch-maker.ts";

/** A film in one lower quality. */
export interface LowerFilm {
  /** Where its segments lie; names it. */
  readonly folder: string;
  readonly segments: number;
  readonly segmentSeconds: number;
  /** Whether a segment lies there. */
  readonly isThere: (k: number) => boolean;
  /** Whether segment `k` can be made now. */
  readonly canMake: (k: number) => boolean;
  /** Makes segments [from, to). */
  readonly batch: (from: number, to: number) => Omit<Batch, "names" | "onMade" | "signal">;
  /** Segment `k` lies there from now on. */
  readonly onMade: (k: number) => void;
}

/** ffmpegs that make lower qualities, each from a segment on, ahead of who watches. */
export interface LowerRuns {
  /**
   * Of a segment that can be made. Settles when segment `k` lies in its folder; what follows it is made meanwhile. Rejects with the reason of `signal`,
   * or with what ffmpeg fails with.
   */
  need(film: LowerFilm, k: number, signal: AbortSignal): Promise<void>;
  /** Whether any goes on. */
  readonly isAtWork: () => boolean;
}

/** So much of a film one ffmpeg makes: to start it and to find the place costs as much as ten seconds of film. */
const RUN_SECONDS = 40;
/** With less than this made ahead of what is asked for, the next one begins. */
const AHEAD_SECONDS = 12;
/** What a run will have made soon is waited for; farther ahead another one begins. */
const REACH_SECONDS = 10;
/** At a time; one that nobody waits for gives way to who waits. */
export const LOWER_RUNS = 3;

interface Run {
  readonly folder: string;
  readonly from: number;
  readonly to: number;
  /** What it has not made yet, in that order. */
  readonly left: Set<number>;
  waiting: number;
  askedMs: number;
  readonly stop: AbortController;
  /** Replaced, and then settled, with each segment. */
  news: PromiseWithResolvers<void>;
  done: Promise<void>;
}

export function createLowerRuns(parts: {
  readonly batches: Pick<BatchMaker, "make">;
  readonly nowMs: () => number;
}): LowerRuns {
  /** In the order in which they began. */
  const runs = new Set<Run>();

  function begin(film: LowerFilm, from: number): Run {
    const longest = Math.max(2, Math.ceil(RUN_SECONDS / film.segmentSeconds));
    // What another one begins with is its own; one that comes from before would come later.
    const begun = new Set(
      [...runs].filter(({ folder }) => folder === film.folder).map((run) => run.from),
    );
    const end = Math.min(film.segments, from + longest);
    let to = from + 1;
    while (to < end && film.canMake(to) && !film.isThere(to) && !begun.has(to)) to += 1;
    const run: Run = {
      ...{ folder: film.folder, from, to, waiting: 0, askedMs: parts.nowMs() },
      left: new Set(Array.from({ length: to - from }, (_, i) => from + i)),
      ...{ stop: new AbortController(), news: Promise.withResolvers(), done: Promise.resolve() },
    };
    const names = [...run.left].map((k) => segmentFileName(k));
    const onMade = (name: string): void => {
      const k = from + names.indexOf(name);
      run.left.delete(k);
      film.onMade(k);
      const { news } = run;
      run.news = Promise.withResolvers();
      news.resolve();
    };
    runs.add(run);
    run.done = parts.batches
      .make({ ...film.batch(from, to), names, onMade, signal: run.stop.signal })
      .finally(() => runs.delete(run));
    // Nobody may wait for it: who asks again is told.
    run.done.catch(() => undefined);
    return run;
  }

  const coversOf = ({ folder }: LowerFilm, k: number): Run[] =>
    [...runs].filter((run) => run.folder === folder && run.from <= k && k < run.to);
  /** What one has made already may be deleted by now, while it goes on. */
  const comesTo = (film: LowerFilm, k: number): Run[] =>
    coversOf(film, k).filter(({ left }) => left.has(k));
  const isThereOrSoon = (film: LowerFilm, k: number): boolean =>
    film.isThere(k) || comesTo(film, k).length > 0;

  const reaching = (film: LowerFilm, k: number): Run | undefined =>
    comesTo(film, k).find(({ left }) => {
      const [next = k] = left;
      return (k - next) * film.segmentSeconds <= REACH_SECONDS;
    });

  /** Ends the run that has been without anybody for the longest time, should there be no room. */
  function makeRoom(): void {
    if (runs.size < LOWER_RUNS) return;
    const idle = [...runs].filter(({ waiting }) => waiting === 0);
    const [oldest] = idle.toSorted((a, b) => a.askedMs - b.askedMs);
    if (oldest === undefined) return;
    runs.delete(oldest);
    oldest.stop.abort();
  }

  function goAhead(film: LowerFilm, k: number): void {
    const until = Math.min(film.segments, k + 1 + Math.ceil(AHEAD_SECONDS / film.segmentSeconds));
    for (const run of coversOf(film, k + 1)) run.askedMs = parts.nowMs();
    for (let next = k + 1; next < until; next += 1) {
      if (isThereOrSoon(film, next)) continue;
      if (film.canMake(next) && runs.size < LOWER_RUNS) begin(film, next);
      return;
    }
  }

  return {
    async need(film, k, signal) {
      while (!film.isThere(k)) {
        signal.throwIfAborted();
        let run = reaching(film, k);
        if (run === undefined) {
          makeRoom();
          run = begin(film, k);
        }
        run.waiting += 1;
        run.askedMs = parts.nowMs();
        try {
          await untilNews(run, signal);
        } finally {
          run.waiting -= 1;
        }
      }
      goAhead(film, k);
    },
    isAtWork: () => runs.size > 0,
  };
}

/** One more segment is there, or all are. */
async function untilNews({ news, done }: Run, signal: AbortSignal): Promise<void> {
  const { promise: gone, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([news.promise, done, gone]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
