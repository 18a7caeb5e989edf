/**
 * The position of a viewer who began with the broadcast, watches in real time, and waits whenever the next segment is
 * missing. Without the waits, a stream that was slow or stopped for a while and then becomes fast would push its window
 * past everyone who really watches.
 */
export interface ViewerClock {
  readonly seconds: number;
  readonly atMs: number;
}

/** The clock at `nowMs`, when film up to `madeSeconds` could be watched all the time since. */
export function advanceViewer(clock: ViewerClock, nowMs: number, madeSeconds: number): ViewerClock {
  const elapsed = Math.max(0, nowMs - clock.atMs) / 1000;
  return {
    seconds: Math.max(clock.seconds, Math.min(clock.seconds + elapsed, madeSeconds)),
    atMs: nowMs,
  };
}
