import type { Clock } from "@upreel/core";

/** A clock that tells, too, when so much time has passed. */
export interface TimedClock extends Clock {
  /** Calls `act` once, `ms` from now; gives what calls it off. */
  after(ms: number, act: () => void): () => void;
}

/** The machine's own, which no change of the time of day moves. */
export const systemClock: TimedClock = {
  nowMs: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, Math.max(0, ms));
    return () => clearTimeout(timer);
  },
};

/** With the time of day, for what is kept over a restart. */
export const wallClock: TimedClock = { ...systemClock, nowMs: () => Date.now() };
