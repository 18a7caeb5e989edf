import { segmentCount, type Timeline } from "@upreel/core";
import { segmentLines, targetDurationSeconds } from "./live-playlist.ts";

/** stream.m3u8: the whole timeline, whether its segments are made or not. */
export function vodPlaylist(timeline: Timeline): string {
  const lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    `#EXT-X-TARGETDURATION:${targetDurationSeconds(timeline)}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    "#EXT-X-INDEPENDENT-SEGMENTS",
  ];
  const count = segmentCount(timeline);
  for (let k = 0; k < count; k += 1) lines.push(...segmentLines(timeline, k));
  lines.push("#EXT-X-ENDLIST");
  return `${lines.join("\n")}\n`;
}
