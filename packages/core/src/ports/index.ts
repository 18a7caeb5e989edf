export type { FilmFollowing } from "./film-following.ts";
export {
  JOB_PRIORITIES,
  JobNotNow,
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
} from "./jobs.ts";
export {
  leasesAway,
  streamElsewhere,
  type LeaseAnswer,
  type LeaseChange,
  type Leases,
} from "./leases.ts";
export type { Clock, Log } from "./log.ts";
export type {
  ArchiveOrder,
  MadeArchive,
  ReachedStream,
  RecoveredStream,
  RejectedSegment,
  RunSummary,
  RunWatch,
  SegmentLocation,
  StreamFolder,
  StreamFolders,
  WatchedRun,
} from "./stream-folder.ts";
export type { RecordListener, StreamRecords } from "./stream-records.ts";
export type {
  ModelStore,
  RunResolvers,
  SegmentFolder,
  SegmentSink,
  SourceFinder,
} from "./run-resolvers.ts";
