import type { TimedClock } from "../../waiting/timed-clock.ts";
import { within } from "../../waiting/within.ts";

/** One answer that somebody waits for. */
export interface DueAnswer {
  /** Time for what comes before the answer; less what handing it over takes here. */
  leftMs(): number;
  readonly isOver: boolean;
  /** It is worth a longer wait: `ms` from when it was asked for. */
  extendTo(ms: number): void;
  /** What `work` gives, undefined when it is not there in time. The work goes on. */
  inTime<T>(work: Promise<T>): Promise<T | undefined>;
  /** The answer has left. */
  sent(): void;
}

/** Looking at a film that is ready takes less: so much is there also where others took all of the time. */
const LEAST_MS = 250;
/** Late answers whose lateness is remembered. */
const REMEMBERED = 8;
/** On its way between client and proxy an answer takes some time that is not seen here. */
const LEAST_MARGIN_MS = 50;
/** Of the time for an answer: what a machine may at most need to hand it over. */
const LARGEST_MARGIN = 0.4;

/**
 * Answers are there in time whatever the load: a timer ends the wait for what is to be in them, as much
 * sooner as answers lately left after that timer, or as timers are late here anyway.
 */
export function createAnswerDeadline(
  clock: TimedClock,
  { answerMs, lagMs }: { readonly answerMs: number; readonly lagMs: () => number },
): (askedAtMs: number) => DueAnswer {
  const overheads: number[] = [];
  const marginMs = (): number =>
    Math.min(answerMs * LARGEST_MARGIN, Math.max(LEAST_MARGIN_MS, lagMs(), ...overheads));
  return (askedAtMs) => {
    let dueAtMs = Math.max(askedAtMs + answerMs - marginMs(), clock.nowMs() + LEAST_MS);
    let hasRunOut = false;
    const leftMs = (): number => Math.max(0, dueAtMs - clock.nowMs());
    return {
      leftMs,
      get isOver() {
        return hasRunOut;
      },
      extendTo: (ms) => void (dueAtMs = Math.max(dueAtMs, askedAtMs + ms - marginMs())),
      async inTime(work) {
        // It may be extended while it runs.
        const settled = work.then((value) => ({ value }));
        for (;;) {
          const found = await within(settled, { ms: leftMs(), clock });
          if (found !== undefined) return found.value;
          if (leftMs() > 0) continue;
          hasRunOut = true;
          return undefined;
        }
      },
      sent() {
        if (!hasRunOut) return;
        overheads.push(Math.max(0, clock.nowMs() - dueAtMs));
        if (overheads.length > REMEMBERED) overheads.shift();
      },
    };
  };
}
