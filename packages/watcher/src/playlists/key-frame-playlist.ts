import { wholeList } from "./vod-playlist.ts";

export interface KeyFrameSegment {
  readonly durationMicros: number;
  readonly uri: string;
}

/**
 * A whole film whose segments are as long as its key frames make them. `mapUri`: the header that
 * fragments of MP4 need.
 */
export function keyFramePlaylist(
  segments: readonly KeyFrameSegment[],
  mapUri: string | undefined,
): Iterable<string> {
  const longest = segments.reduce((most, each) => Math.max(most, each.durationMicros), 0);
  const linesOf = (k: number): string[] => {
    const { durationMicros, uri } = segments[k]!;
    return [`#EXTINF:${(durationMicros / 1e6).toFixed(6)},`, uri];
  };
  // RFC 8216 4.3.3.1: no EXTINF rounds above it.
  return wholeList({
    targetSeconds: Math.max(1, Math.round(longest / 1e6)),
    count: segments.length,
    linesOf,
    header: mapUri === undefined ? [] : [`#EXT-X-MAP:URI="${mapUri}"`],
  });
}
