import { segmentCount, type Timeline } from "@upreel/core";
import { sliceOf } from "./archive-slices.ts";
import { segmentLines, targetDurationSeconds } from "./live-playlist.ts";

const ARCHIVE_URI = "archive.ts";

/**
 * stream.m3u8: the whole timeline, whether its segments are made or not. With `archiveOffsets` of the
 * record, the segments are byte ranges of `archive.ts` (RFC 8216 4.3.2.2, from version 4 on).
 */
export function vodPlaylist(timeline: Timeline, archiveOffsets?: readonly number[]): string {
  const segments = numbersOf(timeline).flatMap((k) => {
    const [length, uri] = segmentLines(timeline, k);
    const slice = archiveOffsets === undefined ? undefined : sliceOf(archiveOffsets, k);
    if (slice === undefined) return [length, uri];
    return [length, `#EXT-X-BYTERANGE:${slice.length}@${slice.start}`, ARCHIVE_URI];
  });
  return wholeList(targetDurationSeconds(timeline), segments);
}

/** Sound alone, on the grid of stream.m3u8; its segments lie beside the playlist. */
export function audioPlaylist(timeline: Timeline): string {
  const segments = numbersOf(timeline).flatMap((k) => segmentLines(timeline, k, ""));
  return wholeList(targetDurationSeconds(timeline), segments);
}

const numbersOf = (timeline: Timeline): number[] =>
  Array.from({ length: segmentCount(timeline) }, (_, k) => k);

/** A media playlist that never changes. */
export function wholeList(targetSeconds: number, segments: readonly string[]): string {
  const lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    `#EXT-X-TARGETDURATION:${targetSeconds}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...segments,
    "#EXT-X-ENDLIST",
  ];
  return `${lines.join("\n")}\n`;
}
