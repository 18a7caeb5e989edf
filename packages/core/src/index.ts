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
  fileIdentitySchema,
  isOnlyLonger,
  isSameFile,
  settledFile,
  requireSameFile,
  sourceChanged,
  type FileIdentity,
} from "./file-identity.ts";
export {
  sourceSchema,
  colourSchema,
  videoTrackSchema,
  audioTrackSchema,
  subtitleTrackSchema,
  chapterSchema,
  type Source,
  type Hdr,
  type Scan,
  type VideoTrack,
  type AudioTrack,
} from "./source.ts";
export {
  FIRST_STEPS,
  noteStep,
  type FirstStep,
  type RunStep,
  type StepSubject,
} from "./first-steps.ts";
export { heldUpBy, type Stage, type StageFigures, type StageReport } from "./stage.ts";
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
  type FilmTiming,
  type Timeline,
  MOST_PIECES,
  MOST_COLOURS,
  type ColourChange,
  type TimelinePiece,
} from "./timeline.ts";
export {
  pieceAt,
  pieceSpans,
  sourceClockMicros,
  timelinePieces,
  type PieceSpan,
} from "./timeline-pieces.ts";
export {
  filmPartAt,
  filmParts,
  filmPartsWithin,
  filmSeconds,
  type FilmPart,
} from "./film-parts.ts";
export { LONGEST_FILM_SECONDS, MOST_SEGMENTS } from "./longest-film.ts";
export {
  VIDEO_ENCODERS,
  CONTENTS,
  scaleSchema,
  wantedScaleSchema,
  profileSchema,
  isSameRung,
  nameOfRung,
  type RungName,
  framesOf,
  sharesFrames,
  outputSchema,
  rungSchema,
  modelSpecSchema,
  PLAIN_SCALER,
  type VideoEncoder,
  type Content,
  type Profile,
  type Output,
  type Rung,
  type ModelSpec,
} from "./profile.ts";
export {
  FRAME_FORMATS,
  FRAME_FORMAT_BYTES,
  PICTURE_FORMATS,
  pictureCommandSchema,
  pictureEventSchema,
  pictureSizeSchema,
  type FrameFormat,
  type MadePicture,
  type PictureCommand,
  type PictureEvent,
  type PictureFormat,
  type PictureSize,
  type PictureWish,
} from "./picture.ts";
export {
  GRADES,
  isGrade,
  FILM_WISHES,
  filmWishSchema,
  WISH_NAMES,
  readFilmWish,
  isSameLanguage,
  type FilmWish,
  type Grade,
  type WishName,
} from "./film-wish.ts";
export {
  PRIORITIES,
  prioritySchema,
  type Priority,
  STREAM_STATES,
  streamRecordSchema,
  reasonSchema,
  madeRangeSchema,
  type StreamState,
  type StreamRecord,
  type Reason,
  type MadeRange,
} from "./stream.ts";
export {
  streamStatusSchema,
  acceptedAnswerSchema,
  libraryAnswerSchema,
  libraryPicturesSchema,
  lookupStatusSchema,
  triggerAnswerSchema,
  errorAnswerSchema,
  exportAnswerSchema,
  type StreamStatus,
  type AcceptedAnswer,
  type LibraryAnswer,
  type LibraryPictures,
  type LookupStatus,
  type TriggerAnswer,
  type ErrorAnswer,
  type ExportAnswer,
} from "./api.ts";
export {
  runOrderSchema,
  resolvedRunSchema,
  refToRung,
  resolveSource,
  type FoundFile,
  type RunName,
  type RunOrder,
  type ResolvedRun,
  type RungRef,
  type SourceRef,
} from "./run-order.ts";
export {
  runEndSchema,
  workerCommandSchema,
  workerEventSchema,
  type RunEnd,
  type WorkerCommand,
  type WorkerEvent,
} from "./worker-messages.ts";
export { toReason } from "./reason.ts";
export { enlarged } from "./enlarged.ts";
export { preciseNowMs } from "./precise-now.ts";
export {
  PROVIDERS,
  measurementSchema,
  rungMeasurementSchema,
  type Provider,
  type Measurement,
  type RungMeasurement,
} from "./provider.ts";
export { isElsewhere, machineOfWorker, workerOfMachine, type Offer } from "./offer.ts";
export {
  commonProtocol,
  FARM_BEAT_MS,
  FARM_LOST_MS,
  FARM_PROTOCOLS,
  FARM_SUSPECTED_MS,
  farmCommandSchema,
  farmReportSchema,
  MOST_SEGMENT_BYTES,
  MOST_WORKER_MESSAGE_BYTES,
  type FarmCommand,
  type FarmReport,
  type WorkerFacts,
  type WorkerOffer,
} from "./farm-messages.ts";
export {
  farmAnswerSchema,
  farmJoinSchema,
  workerLimitsChangeSchema,
  workerLimitsSchema,
  type WorkerLimits,
  type WorkerLimitsChange,
  farmWorkerSchema,
  workerNameSchema,
  type FarmAnswer,
  type FarmJoin,
  type FarmWorker,
} from "./farm-api.ts";
export {
  preparedModelSchema,
  importOutcomeSchema,
  joinOutcomeSchema,
  modelEntrySchema,
  type PreparedModel,
  type ChannelOrder,
  type ImportOutcome,
  type JoinOutcome,
  type ModelEntry,
  modelDownloadSchema,
  type ModelDownload,
} from "./model-import.ts";
export {
  FINDING_TEXTS,
  withValues,
  type FindingCode,
  type FindingValues,
} from "./finding-texts.ts";
export {
  TOLD_TEXTS,
  shownSpeed,
  tell,
  tellAdvice,
  told,
  toldSchema,
  type Told,
  type ToldCode,
} from "./told.ts";
export { describeScan } from "./describe-scan.ts";
export { tracksAnswerSchema, type DrawnFormat, type TracksAnswer } from "./tracks-answer.ts";
export {
  folderListingSchema,
  settingsAnswerSchema,
  doctorAnswerSchema,
  type FolderEntry,
  type FolderListing,
  type Setting,
  type SettingsAnswer,
  type Finding,
  type DoctorAnswer,
} from "./dashboard.ts";
export {
  FILM_BADGES,
  FILM_SORTS,
  filmChoicesSchema,
  type FilmChoice,
  type FilmChoices,
  filmsAnswerSchema,
  type Film,
  type FilmsAnswer,
  type FilmSort,
} from "./films.ts";
export {
  filmSegmentsSchema,
  pluginChangeSchema,
  pluginLogsSchema,
  scanJobSchema,
  scansAnswerSchema,
  type FilmSegments,
  type PluginLogs,
  type ScanJob,
  type ScansAnswer,
} from "./scans.ts";
export { isSameStretch } from "./same-stretch.ts";
export {
  hardwareSchema,
  gpuReportSchema,
  featureSchema,
  benchmarkSchema,
  addressesAnswerSchema,
  type AddressesAnswer,
  type Hardware,
  type GpuReport,
  type Feature,
  type Benchmark,
} from "./machine.ts";
export {
  stillOrderSchema,
  stillOutcomeSchema,
  compareAnswerSchema,
  type StillOrder,
  type StillOutcome,
  type CompareAnswer,
} from "./still.ts";
export {
  decodeFileName,
  decodePercentName,
  encodeFileName,
  hasRawBytes,
  showFileName,
} from "./file-name.ts";
export {
  createEventBus,
  EVENT_NAMES,
  meansEvent,
  upreelEventSchema,
  type EventBus,
  type EventName,
  type EventSink,
  type EventTold,
  type UpreelEvent,
} from "./events.ts";
export {
  newWebhookSchema,
  WEBHOOK_KINDS,
  webhookChangeSchema,
  webhookReceiverSchema,
  webhooksAnswerSchema,
  type WebhookChange,
  type WebhookKind,
  type WebhookReceiver,
  type WebhooksAnswer,
} from "./webhooks.ts";
export {
  JOB_PRIORITIES,
  type Job,
  type JobBacklog,
  type JobHandler,
  type JobHow,
  type JobInHand,
  type JobKind,
  type JobListener,
  type JobPriority,
  type JobQueue,
  type Jobs,
  type JobState,
} from "./ports/jobs.ts";
export type { Clock, Log } from "./ports/log.ts";
export type {
  ArchiveOrder,
  MadeArchive,
  RecoveredStream,
  RejectedSegment,
  RunSummary,
  RunWatch,
  SegmentLocation,
  StreamFolder,
  StreamFolders,
  WatchedRun,
} from "./ports/stream-folder.ts";
export type { RecordListener, StreamRecords } from "./ports/stream-records.ts";
export type {
  ModelStore,
  RunResolvers,
  SegmentFolder,
  SegmentSink,
  SourceFinder,
} from "./ports/run-resolvers.ts";
export { asPlanned, asProbed, type PlannedRecord, type ProbedRecord } from "./planned-record.ts";
export type { Expectation, SecondsRange, StreamView, StreamWorker } from "./stream-view.ts";
export { nightOf, parseHours, type Hours } from "./hours.ts";
export * from "./told/index.ts";
export * from "./film/index.ts";
export * from "./stream/index.ts";
export * from "./run/index.ts";
export * from "./farm/index.ts";
export * from "./api/index.ts";
export * from "./events/index.ts";
export * from "./ports/index.ts";
