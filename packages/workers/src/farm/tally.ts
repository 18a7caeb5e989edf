import { toUpreelError, type Log } from "@upreel/core";

/** A machine that fails so often in a row gets no work for a while, … */
const MOST_STRIKES = 3;
/** … longer each time. */
const REST_MS = 30_000;
const REST_AT_MOST_MS = 600_000;

/** What came of a machine, and what it did wrong lately. */
export interface Tally {
  readonly counts: Readonly<Record<"segments" | "refused" | "bytes", number>>;
  /** The last fault. */
  readonly problem: string | undefined;
  readonly isResting: boolean;
  strike(why: string): void;
  /** A segment was looked at; `refusal`: it is not what it should be. */
  judged(bytes: number, refusal: unknown): void;
}

export function createTally(name: string, log: Log, nowMs: () => number): Tally {
  const counts = { segments: 0, refused: 0, bytes: 0 };
  let problem: string | undefined;
  let [strikes, restMs, untilMs] = [0, REST_MS, -Infinity];

  function strike(why: string): void {
    problem = why;
    strikes += 1;
    if (strikes < MOST_STRIKES) return;
    log.warn(`Worker ${name} failed again and again: no work for ${restMs / 1_000} s`, { why });
    strikes = 0;
    untilMs = nowMs() + restMs;
    restMs = Math.min(2 * restMs, REST_AT_MOST_MS);
  }

  return {
    counts,
    strike,
    get problem() {
      return problem;
    },
    get isResting() {
      return nowMs() < untilMs;
    },
    judged(bytes, refusal) {
      if (refusal !== undefined) {
        counts.refused += 1;
        const { code, message } = toUpreelError(refusal);
        // That is the gateway's own disk.
        if (code !== "disk_full" && code !== "disk_read_only") strike(message);
        return;
      }
      [strikes, restMs] = [0, REST_MS];
      counts.segments += 1;
      counts.bytes += bytes;
    },
  };
}
