export { makeClip, type ClipOptions } from "./make-clip.ts";
export { makeRun, type MadeRun } from "./make-run.ts";
export { runFfmpeg } from "./run-ffmpeg.ts";
export { PlaylistChecker, type PlaylistVersion } from "./playlist-checker.ts";
export { makeTempFolder, type TempFolder } from "./temp-folder.ts";
export { makeRecordingLog, type LogEntry, type RecordingLog } from "./recording-log.ts";
export { makeManualClock, type ManualClock } from "./manual-clock.ts";
export { eventually } from "./eventually.ts";
export { makeRecord, makeTimeline } from "./make-record.ts";
