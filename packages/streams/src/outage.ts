import type { Reason, Clock, Log } from "@upreel/core";
import type { RecordKeeper } from "./record-keeper.ts";

/** A disk that stumbles is back in seconds, as a rule; one that is away is asked twice a minute at least. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

export interface Outage {
  /** Nothing is to be tried now. */
  readonly isOn: boolean;
  /** The source cannot be read: the stream waits and tries again, each time a little later. */
  readonly begin: (reason: Reason) => void;
  /** It was read. */
  readonly end: () => void;
}

/** The time in which a stream waits for the disk of its source. */
export function createOutage(record: RecordKeeper, clock: Clock, log: Log): Outage {
  let untilMs = 0;
  let waitMs = 0;
  /** What the record said before. */
  let before: Reason | undefined;
  return {
    get isOn() {
      return clock.nowMs() < untilMs;
    },
    begin(reason) {
      if (waitMs === 0) {
        before = record.now.reason;
        log.warn(`${record.now.title}: ${reason.message}; it goes on when that is over`, {
          ...reason,
        });
      }
      waitMs = Math.min(LONGEST_WAIT_MS, Math.max(FIRST_WAIT_MS, 2 * waitMs));
      untilMs = clock.nowMs() + waitMs;
      record.setReason(reason);
      record.keep({});
    },
    end() {
      if (waitMs === 0) return;
      waitMs = 0;
      untilMs = 0;
      log.info(`${record.now.title}: its source can be read again`);
      record.setReason(before);
      record.keep({});
    },
  };
}
