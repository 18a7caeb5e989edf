export {
  PRIORITIES,
  prioritySchema,
  profileNow,
  type Priority,
  STREAM_STATES,
  isActive,
  streamRecordSchema,
  reasonSchema,
  madeRangeSchema,
  type StreamState,
  type StreamRecord,
  type Reason,
  type MadeRange,
} from "./stream.ts";
export { toReason } from "./reason.ts";
export { bestVersion, type VersionFacts } from "./best-version.ts";
export { safeLeadSeconds } from "./safe-lead.ts";
export { asPlanned, asProbed, type PlannedRecord, type ProbedRecord } from "./planned-record.ts";
export type { Expectation, SecondsRange, StreamView, StreamWorker } from "./stream-view.ts";
