export {
  ERROR_CODES,
  UpreelError,
  toUpreelError,
  type ErrorCode,
  type ErrorDetails,
} from "./errors.ts";
export {
  rationalSchema,
  parseRational,
  formatRational,
  toNumber,
  type Rational,
} from "./rational.ts";
export {
  sourceSchema,
  colourSchema,
  videoTrackSchema,
  audioTrackSchema,
  subtitleTrackSchema,
  chapterSchema,
  type Source,
  type VideoTrack,
  type AudioTrack,
} from "./source.ts";
export {
  timelineSchema,
  STANDARD_RATES,
  PTS_OFFSET_FRAMES,
  snapRate,
  framesPerSegment,
  segmentCount,
  segmentFrames,
  segmentSeconds,
  segmentAt,
  segmentFileName,
  frameSeconds,
  framePts90k,
  durationSeconds,
  type Timeline,
} from "./timeline.ts";
export {
  VIDEO_ENCODERS,
  profileSchema,
  outputSchema,
  rungSchema,
  modelSpecSchema,
  PLAIN_SCALER,
  type VideoEncoder,
  type Profile,
  type Output,
  type Rung,
  type ModelSpec,
} from "./profile.ts";
export {
  PRIORITIES,
  prioritySchema,
  type Priority,
  STREAM_STATES,
  streamRecordSchema,
  reasonSchema,
  madeRangeSchema,
  fileIdentitySchema,
  type StreamState,
  type StreamRecord,
  type Reason,
  type MadeRange,
  type FileIdentity,
} from "./stream.ts";
export {
  streamStatusSchema,
  type Expectation,
  acceptedAnswerSchema,
  lookupStatusSchema,
  triggerAnswerSchema,
  errorAnswerSchema,
  exportAnswerSchema,
  type StreamStatus,
  type AcceptedAnswer,
  type LookupStatus,
  type TriggerAnswer,
  type ErrorAnswer,
  type ExportAnswer,
} from "./api.ts";
export {
  runOrderSchema,
  runEndSchema,
  workerCommandSchema,
  workerEventSchema,
  type RunOrder,
  type RunEnd,
  type WorkerCommand,
  type WorkerEvent,
} from "./worker-messages.ts";
export { toReason } from "./reason.ts";
export {
  PROVIDERS,
  measurementSchema,
  rungMeasurementSchema,
  type Provider,
  type Measurement,
  type RungMeasurement,
} from "./provider.ts";
export {
  preparedModelSchema,
  importOutcomeSchema,
  modelEntrySchema,
  type PreparedModel,
  type ImportOutcome,
  type ModelEntry,
  modelDownloadSchema,
  type ModelDownload,
} from "./model-import.ts";
export { tracksAnswerSchema, type TracksAnswer } from "./tracks-answer.ts";
