/** A clock that stands still until it is told to move. */
export interface ManualClock {
  nowMs(): number;
  /** Calls `act` once when it has moved so far; gives what calls it off. */
  after(ms: number, act: () => void): () => void;
  /** Moves, and calls whatever is due on the way, in order. */
  advance(ms: number): void;
}

interface Timer {
  readonly atMs: number;
  readonly act: () => void;
}

export function makeManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let now = startMs;
  const timers = new Set<Timer>();
  const next = (byMs: number): Timer | undefined =>
    [...timers].filter(({ atMs }) => atMs <= byMs).toSorted((a, b) => a.atMs - b.atMs)[0];
  return {
    nowMs: () => now,
    after(ms, act) {
      const timer = { atMs: now + ms, act };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const to = now + ms;
      for (let timer = next(to); timer !== undefined; timer = next(to)) {
        timers.delete(timer);
        now = Math.max(now, timer.atMs);
        timer.act();
      }
      now = to;
    },
  };
}
