import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

/** Triggers may come for ever: what gives way to them is done in the end, too. */
const LONGEST_MS = 500;

/** Those who wait for an answer go before what nobody waits for. */
export interface AnswersFirst {
  /** Somebody waits for what this comes to. */
  readonly during: <T>(answer: Promise<T>) => Promise<T>;
  /** Settles when nobody waits, or after a while: half a second where it is not told. */
  readonly whenAnswered: (longestMs?: number) => Promise<void>;
}

/** Three hundred triggers at once would share the processor with the reading of the first of these films. */
export function createAnswersFirst(): AnswersFirst {
  let waiting = 0;
  let answered = Promise.withResolvers<void>();
  return {
    async during(answer) {
      waiting += 1;
      try {
        return await answer;
      } finally {
        waiting -= 1;
        if (waiting === 0) {
          answered.resolve();
          answered = Promise.withResolvers();
        }
      }
    },
    async whenAnswered(longestMs = LONGEST_MS) {
      const untilMs = performance.now() + longestMs;
      while (waiting > 0 && performance.now() < untilMs) {
        const left = untilMs - performance.now();
        await Promise.race([answered.promise, sleep(left, undefined, { ref: false })]);
        // One trigger asks for its file first, and then for its stream.
        await nextTurn();
      }
    },
  };
}
