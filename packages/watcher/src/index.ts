export {
  createStreamFolders,
  type StreamFoldersOptions,
  type StreamFoldersParts,
} from "./stream-folders.ts";
export type {
  CountPictures,
  FreeBytes,
  PictureCount,
  StreamFolder,
  StreamFolders,
} from "./ports.ts";
export { sliceOf } from "./archive-slices.ts";
export { vodPlaylist } from "./vod-playlist.ts";
export { inspectSegment, type Picture, type SegmentInspection } from "./inspect-segment.ts";
export { checkSegment, type ExpectedSegment, type SegmentProblem } from "./check-segment.ts";
export { cleanDataFolder, type CleanReport } from "./clean.ts";
export type { CleanOptions, CleanStep } from "./plan-clean.ts";
