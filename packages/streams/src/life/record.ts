import type { Reason, StreamRecord } from "@upreel/core";
import type { State } from "./state.ts";

export const withRecord = (state: State, changes: Partial<StreamRecord>): State => ({
  ...state,
  record: { ...state.record, ...changes },
});

/** undefined: none. */
export function withReason(record: StreamRecord, reason: Reason | undefined): StreamRecord {
  const { reason: _, ...rest } = record;
  return reason === undefined ? rest : { ...rest, reason };
}

/** It is wanted again: what it came to before is forgotten. The same record where nothing is. */
export function begunRecord(record: StreamRecord, broadcastStartedAtMs: number): StreamRecord {
  const isNew = record.timeline === undefined && record.reason === undefined;
  const isSame = record.state === "idle" && record.broadcastStartedAtMs === broadcastStartedAtMs;
  // What was just created is on the disk as it is.
  if (isNew && isSame && record.archive === undefined) return record;
  const { archive: _, archiveOffsets: __, ...rest } = record;
  const begun = withReason(rest, lastingReason(record));
  return { ...begun, state: "idle", broadcastStartedAtMs };
}

/** What stays true of the source, whatever becomes of the stream. */
export const lastingReason = ({ reason }: StreamRecord): Reason | undefined =>
  reason !== undefined && LASTING.has(reason.code) ? reason : undefined;

const LASTING: ReadonlySet<Reason["code"]> = new Set([
  "source_truncated",
  "source_damaged",
  "source_uneven",
  "film_incomplete",
]);
