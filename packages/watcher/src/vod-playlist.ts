import { segmentCount, type Timeline } from "@upreel/core";
import { sliceOf } from "./archive-slices.ts";
import { segmentLines, targetDurationSeconds } from "./live-playlist.ts";

const ARCHIVE_URI = "archive.ts";

/** Of one piece of a playlist: a millisecond's work, so that whoever writes a long one can pause. */
export const SEGMENTS_A_PIECE = 500;

/**
 * stream.m3u8: the whole timeline, whether its segments are made or not, in pieces. With
 * `archiveOffsets` of the record, the segments are byte ranges of `archive.ts` (RFC 8216 4.3.2.2, from
 * version 4 on).
 */
export function vodPlaylist(
  timeline: Timeline,
  archiveOffsets?: readonly number[],
): Iterable<string> {
  const lines = (k: number): readonly string[] => {
    const [length, uri] = segmentLines(timeline, k);
    const slice = archiveOffsets === undefined ? undefined : sliceOf(archiveOffsets, k);
    if (slice === undefined) return [length, uri];
    return [length, `#EXT-X-BYTERANGE:${slice.length}@${slice.start}`, ARCHIVE_URI];
  };
  return wholeList(targetDurationSeconds(timeline), segmentCount(timeline), lines);
}

/** Sound alone, on the grid of stream.m3u8; its segments lie beside the playlist. */
export const audioPlaylist = (timeline: Timeline): Iterable<string> =>
  wholeList(targetDurationSeconds(timeline), segmentCount(timeline), (k) =>
    segmentLines(timeline, k, ""),
  );

/** A media playlist of `count` segments that never changes, in pieces; `header`: more lines of its head. */
export function* wholeList(
  targetSeconds: number,
  count: number,
  linesOf: (k: number) => readonly string[],
  header: readonly string[] = [],
): Generator<string, void> {
  let lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    `#EXT-X-TARGETDURATION:${targetSeconds}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...header,
  ];
  for (let k = 0; k < count; k += 1) {
    if (k > 0 && k % SEGMENTS_A_PIECE === 0) {
      yield `${lines.join("\n")}\n`;
      lines = [];
    }
    lines.push(...linesOf(k));
  }
  yield `${[...lines, "#EXT-X-ENDLIST"].join("\n")}\n`;
}
