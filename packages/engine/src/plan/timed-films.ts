import { settledFile, type FileIdentity, type Source, type Timeline } from "@upreel/core";

/** The pictures of a film and when they are shown: what its own pictures are played by, and nothing else of a plan. */
export interface TimedFilm {
  /** Without its sound. */
  readonly source: Source;
  readonly timeline: Timeline;
}

/** Films that are being planned, or were lately, as far as their pictures are timed. */
export interface TimedFilms {
  note(film: TimedFilm): void;
  /**
   * Settles when the pictures of this file are timed, by whoever plans it; never where nobody does. Rejects with the
   * abort reason.
   */
  of(file: FileIdentity, signal: AbortSignal): Promise<TimedFilm>;
}

/** Whoever waits for one comes while it is planned, or shortly afterwards. */
const MOST_KEPT = 50;

const keyOf = (file: FileIdentity): string => {
  const { path, sizeBytes, modifiedMs } = settledFile(file);
  return JSON.stringify([path, sizeBytes, modifiedMs]);
};

export function createTimedFilms(): TimedFilms {
  const known = new Map<string, TimedFilm>();
  const waiting = new Map<string, Set<(film: TimedFilm) => void>>();

  return {
    note(film) {
      const key = keyOf(film.source);
      known.delete(key);
      known.set(key, film);
      for (const oldest of known.keys()) if (known.size > MOST_KEPT) known.delete(oldest);
      for (const tell of waiting.get(key) ?? []) tell(film);
    },
    async of(file, signal) {
      signal.throwIfAborted();
      const key = keyOf(file);
      const there = known.get(key);
      if (there !== undefined) return there;
      const { promise, resolve, reject } = Promise.withResolvers<TimedFilm>();
      const onAbort = (): void => reject(signal.reason);
      const all = waiting.get(key) ?? new Set();
      waiting.set(key, all.add(resolve));
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        return await promise;
      } finally {
        signal.removeEventListener("abort", onAbort);
        all.delete(resolve);
        if (all.size === 0 && waiting.get(key) === all) waiting.delete(key);
      }
    },
  };
}
