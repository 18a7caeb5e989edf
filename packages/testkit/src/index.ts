export { makeClip, type ClipOptions } from "./make-clip.ts";
export { makePgs, type PgsCue } from "./make-pgs.ts";
export { makeRun, startRun, type MadeRun } from "./make-run.ts";
export { runFfmpeg, startFfmpeg, type StartedFfmpeg } from "./run-ffmpeg.ts";
export { askRaw, isWholeRequest, startRawServer, type RawServer } from "./raw-http.ts";
export { makeRandom, type Random } from "./random.ts";
export { PlaylistChecker } from "./playlist-checker.ts";
export { variantProblems } from "./playlist-rules.ts";
export { makeTempFolder, type TempFolder } from "./temp-folder.ts";
export { mountSmallDisk, type SmallDisk } from "./small-disk.ts";
export { makeRecordingLog, type LogEntry, type RecordingLog } from "./recording-log.ts";
export { makeManualClock, type ManualClock } from "./manual-clock.ts";
export { bunFolder } from "./bun-folder.ts";
export { softwareVulkan } from "./software-vulkan.ts";
export { makeSharedLeases, type SharedLeases } from "./shared-leases.ts";
export { freePort } from "./free-port.ts";
export { startValkey, type ValkeyServer } from "./start-valkey.ts";
export { eventually } from "./eventually.ts";
export { mutations } from "./mutations.ts";
export { makeRecord, makeTimeline } from "./make-record.ts";
export { makeMemoryRecords, type MemoryRecords } from "./memory-records.ts";
export { makeSegmentBytes, pictureTimes, type SegmentBytesOptions } from "./make-segment-bytes.ts";
export {
  startFakeJellyfin,
  type FakeJellyfin,
  type FakeJellyfinOptions,
} from "./fake-jellyfin/server.ts";
export {
  makeFakeItem,
  MOVIES,
  ROOT_USER,
  TICKS_PER_SECOND,
  type FakeItem,
} from "./fake-jellyfin/catalogue.ts";
export { makeFakeSession, type FakeSession } from "./fake-jellyfin/sessions.ts";
export type { FakeVersion } from "./fake-jellyfin/version.ts";
export {
  recordedBody,
  recordedExchange,
  recordedWebhooks,
  type RecordedExchange,
  type RecordedWebhook,
} from "./fake-jellyfin/recorded.ts";
export { turnsDuring, type Turns } from "./turns.ts";
export { whileUnreadable } from "./while-unreadable.ts";
