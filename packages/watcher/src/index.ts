export { createStreamFolders, type StreamFoldersParts } from "./stream-folders.ts";
export { recordsOnDisk } from "./disk-records.ts";
export type { CountPictures, FreeBytes, PictureCount } from "./ports.ts";
export { archiveFileName, sanitiseTitle } from "./archive-name.ts";
export { sliceOf } from "./archive-slices.ts";
export { SEGMENTS_A_PIECE, segmentPlaylist, vodPlaylist, wholeList } from "./vod-playlist.ts";
export {
  masterPlaylist,
  type AudioRendition,
  type SubtitleRendition,
  type Variant,
} from "./master-playlist.ts";
export { videoCodecName } from "./codec-name.ts";
export { mp4CodecName, mp4HeaderBytes } from "./mp4-header.ts";
export { keyFramePlaylist, type KeyFrameSegment } from "./key-frame-playlist.ts";
export { subtitleSegment, type Stretch, type SubtitleText } from "./subtitle-segment.ts";
export { sheetCount, sheetName, thumbnailTrack, type ThumbnailGrid } from "./thumbnail-track.ts";
export { finishedBeside, publishedStream, recordsBeside, segmentFile } from "./published-stream.ts";
export { publishRendition } from "./publish-rendition.ts";
export { streamPaths, type StreamPaths } from "./stream-paths.ts";
export { inspectSegment, type Picture, type SegmentInspection } from "./inspect-segment.ts";
export { expectSegment } from "./expect-segment.ts";
export { checkSegment, type ExpectedSegment, type SegmentProblem } from "./check-segment.ts";
export { cleanDataFolder, type CleanReport } from "./clean.ts";
export type { CleanOptions, CleanStep } from "./plan-clean.ts";
