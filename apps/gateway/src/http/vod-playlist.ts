import { readFile } from "node:fs/promises";
import {
  segmentCount,
  segmentFileName,
  segmentSeconds,
  streamRecordSchema,
  type Timeline,
} from "@upreel/core";

/** `stream.m3u8`: the whole timeline (RFC 8216 VOD), also while most of it is still to be made. */
export function vodPlaylist(timeline: Timeline): string {
  const lengths = Array.from({ length: segmentCount(timeline) }, (_, k) =>
    segmentSeconds(timeline, k),
  );
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:3",
    `#EXT-X-TARGETDURATION:${Math.ceil(Math.max(...lengths.slice(0, 1), ...lengths.slice(-1)))}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...lengths.flatMap((seconds, k) => [
      `#EXTINF:${seconds.toFixed(6)},`,
      `segments/${segmentFileName(k)}`,
    ]),
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
}

/** The timeline in a `stream.json`; undefined until the source is probed. */
export async function readTimeline(recordPath: string): Promise<Timeline | undefined> {
  const text = await readFile(recordPath, "utf8").catch(() => undefined);
  return text === undefined ? undefined : streamRecordSchema.parse(JSON.parse(text)).timeline;
}
