import { segmentCount, type Timeline } from "@upreel/core";
import { sliceOf } from "../records/archive-slices.ts";
import { segmentLines, targetDurationSeconds } from "./live-playlist.ts";

const ARCHIVE_URI = "archive.ts";

/** Of one piece of a playlist: a millisecond's work, so that whoever writes a long one can pause. */
export const SEGMENTS_A_PIECE = 500;

/**
 * stream.m3u8: the whole timeline, whether its segments are made or not, in pieces. With
 * `archiveOffsets` of the record, the segments are byte ranges of `archive.ts` (RFC 8216 4.3.2.2, from
 * version 4 on). `isStopped`: nobody makes it any more, so that it does not get longer either.
 */
export function vodPlaylist(
  timeline: Timeline,
  archiveOffsets?: readonly number[],
  isStopped = false,
): Iterable<string> {
  const linesOf = (k: number): readonly string[] => {
    const [length, uri] = segmentLines(timeline, k);
    const slice = archiveOffsets === undefined ? undefined : sliceOf(archiveOffsets, k);
    if (slice === undefined) return [length, uri];
    return [length, `#EXT-X-BYTERANGE:${slice.length}@${slice.start}`, ARCHIVE_URI];
  };
  return wholeList({ ...listOf(timeline, isStopped), linesOf });
}

/** Of what is made beside the upscaled film, on the grid of stream.m3u8; its segments lie beside the playlist. */
export const segmentPlaylist = (timeline: Timeline, isStopped = false): Iterable<string> =>
  wholeList({
    ...listOf(timeline, isStopped),
    linesOf: (k) => segmentLines(timeline, k, ""),
  });

const listOf = (timeline: Timeline, isStopped: boolean) => ({
  targetSeconds: targetDurationSeconds(timeline),
  count: segmentCount(timeline),
  growth: timeline.growth === "going" && isStopped ? "over" : timeline.growth,
});

export interface WholeList {
  readonly targetSeconds: number;
  readonly count: number;
  readonly linesOf: (k: number) => readonly string[];
  /** More lines of its head. */
  readonly header?: readonly string[] | undefined;
  /** Of a source that is, or was, being written: such a list gets longer at its end, and has an end when it is `over`. */
  readonly growth?: Timeline["growth"];
}

/**
 * A media playlist of `count` segments, in pieces. It never changes but for one that grows: that one is
 * of the type EVENT from its first version to its last (RFC 8216 4.3.3.5), and players begin where the
 * film does, not at its end (4.3.5.2).
 */
export function* wholeList(list: WholeList): Generator<string, void> {
  const { count, growth, header = [] } = list;
  let lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    `#EXT-X-TARGETDURATION:${list.targetSeconds}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    `#EXT-X-PLAYLIST-TYPE:${growth === undefined ? "VOD" : "EVENT"}`,
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...(growth === undefined ? [] : ["#EXT-X-START:TIME-OFFSET=0"]),
    ...header,
  ];
  for (let k = 0; k < count; k += 1) {
    if (k > 0 && k % SEGMENTS_A_PIECE === 0) {
      yield `${lines.join("\n")}\n`;
      lines = [];
    }
    lines.push(...list.linesOf(k));
  }
  yield `${[...lines, ...(growth === "going" ? [] : ["#EXT-X-ENDLIST"])].join("\n")}\n`;
}
