import { toUpreelError, type Log } from "@upreel/core";

/** A machine that fails gets no work for a while: what it failed at is somebody else's at once, … */
const REST_MS = 3_000;
/** … longer each time in a row, … */
const REST_FACTOR = 3;
const REST_AT_MOST_MS = 600_000;
/** … until it sent so many good segments; one among others that are none proves nothing, … */
const GOOD_IN_A_ROW = 3;
/** … and it is told from there on: once may be the line. */
const TOLD_FROM_MS = 20_000;

/** A segment could not be kept: that is the gateway's own disk. Of what is none nobody waits for the rest of its run. */
export function isOfOwnDisk(refusal: unknown): boolean {
  const { code } = toUpreelError(refusal);
  return code === "disk_full" || code === "disk_read_only";
}

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
  let [restMs, untilMs, goodInARow] = [REST_MS, -Infinity, 0];

  function strike(why: string): void {
    problem = why;
    goodInARow = 0;
    untilMs = nowMs() + restMs;
    const message = `Worker ${name} failed: no work for ${restMs / 1_000} s`;
    if (restMs >= TOLD_FROM_MS) log.warn(message, { why });
    else log.info(message, { why });
    restMs = Math.min(REST_FACTOR * restMs, REST_AT_MOST_MS);
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
        if (!isOfOwnDisk(refusal)) strike(toUpreelError(refusal).message);
        return;
      }
      goodInARow += 1;
      if (goodInARow >= GOOD_IN_A_ROW) restMs = REST_MS;
      counts.segments += 1;
      counts.bytes += bytes;
    },
  };
}
