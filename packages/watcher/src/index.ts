export { createStreamFolders, type StreamFoldersParts } from "./folders/stream-folders.ts";
export { recordsOnDisk } from "./records/disk-records.ts";
export type { CountPictures, FreeBytes, PictureCount } from "./ports.ts";
export { archiveFileName, sanitiseTitle } from "./records/archive-name.ts";
export { sliceOf } from "./records/archive-slices.ts";
export {
  SEGMENTS_A_PIECE,
  segmentPlaylist,
  vodPlaylist,
  wholeList,
} from "./playlists/vod-playlist.ts";
export {
  masterPlaylist,
  type AudioRendition,
  type SubtitleRendition,
  type Variant,
} from "./playlists/master-playlist.ts";
export { videoCodecName } from "./transport-stream/codec-name.ts";
export { mp4CodecName, mp4HeaderBytes } from "./transport-stream/mp4-header.ts";
export { keyFramePlaylist, type KeyFrameSegment } from "./playlists/key-frame-playlist.ts";
export { subtitleSegment, type Stretch, type SubtitleText } from "./playlists/subtitle-segment.ts";
export {
  sheetCount,
  sheetName,
  thumbnailTrack,
  type ThumbnailGrid,
} from "./playlists/thumbnail-track.ts";
export {
  finishedBeside,
  publishedStream,
  recordsBeside,
  segmentFile,
} from "./folders/published-stream.ts";
export { publishRendition } from "./segments/publish-rendition.ts";
export { streamPaths, type StreamPaths } from "./records/stream-paths.ts";
export {
  inspectSegment,
  type Picture,
  type SegmentInspection,
} from "./transport-stream/inspect-segment.ts";
export { expectSegment } from "./segments/expect-segment.ts";
export {
  checkSegment,
  type ExpectedSegment,
  type SegmentProblem,
} from "./segments/check-segment.ts";
export { cleanDataFolder, type CleanReport } from "./clean/clean.ts";
export type { CleanOptions, CleanStep } from "./clean/plan-clean.ts";
