import type { Reason } from "@upreel/core";
import { withReason } from "./record.ts";
import type { State } from "./state.ts";
import { stay, type Step } from "./step.ts";

/** A disk that stumbles is back in seconds, as a rule; one that is away is asked twice a minute at least. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** Nothing is to be tried now. */
export const isOut = ({ outage }: State, nowMs: number): boolean => nowMs < outage.untilMs;

/** The source cannot be read: the stream waits and tries again, each time a little later. */
export function beginOutage(state: State, reason: Reason, nowMs: number): Step {
  const { outage, record } = state;
  const isFirst = outage.waitMs === 0;
  const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(FIRST_WAIT_MS, 2 * outage.waitMs));
  const before = isFirst ? record.reason : outage.before;
  const message = `${record.title}: ${reason.message}; it goes on when that is over`;
  return stay(
    {
      ...state,
      outage: { untilMs: nowMs + waitMs, waitMs, before },
      record: withReason(record, reason),
    },
    ...(isFirst ? [{ kind: "log", level: "warn", message, details: reason } as const] : []),
    { kind: "save" },
  );
}

/** It was read. */
export function endOutage(state: State): Step {
  const { outage, record } = state;
  if (outage.waitMs === 0) return stay(state);
  return stay(
    {
      ...state,
      outage: { untilMs: 0, waitMs: 0, before: undefined },
      record: withReason(record, outage.before),
    },
    { kind: "log", level: "info", message: `${record.title}: its source can be read again` },
    { kind: "save" },
  );
}
