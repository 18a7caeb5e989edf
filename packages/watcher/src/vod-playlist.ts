import { segmentCount, type Timeline } from "@upreel/core";
import { sliceOf } from "./archive-slices.ts";
import { segmentLines, targetDurationSeconds } from "./live-playlist.ts";

const ARCHIVE_URI = "archive.ts";

/**
 * stream.m3u8: the whole timeline, whether its segments are made or not. With `archiveOffsets` of the
 * record, the segments are byte ranges of `archive.ts` (RFC 8216 4.3.2.2, from version 4 on).
 */
export function vodPlaylist(timeline: Timeline, archiveOffsets?: readonly number[]): string {
  const lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    `#EXT-X-TARGETDURATION:${targetDurationSeconds(timeline)}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    "#EXT-X-INDEPENDENT-SEGMENTS",
  ];
  const count = segmentCount(timeline);
  for (let k = 0; k < count; k += 1) {
    const [length, uri] = segmentLines(timeline, k);
    const slice = archiveOffsets === undefined ? undefined : sliceOf(archiveOffsets, k);
    if (slice === undefined) lines.push(length, uri);
    else lines.push(length, `#EXT-X-BYTERANGE:${slice.length}@${slice.start}`, ARCHIVE_URI);
  }
  lines.push("#EXT-X-ENDLIST");
  return `${lines.join("\n")}\n`;
}
