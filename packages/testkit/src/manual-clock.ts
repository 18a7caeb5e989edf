/** A clock that stands still until it is told to move. */
export interface ManualClock {
  nowMs(): number;
  advance(ms: number): void;
}

export function makeManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let now = startMs;
  return {
    nowMs: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}
