import {
  frameSeconds,
  segmentCount,
  segmentFileName,
  segmentSeconds,
  segmentStartSeconds,
  type Timeline,
} from "@upreel/core";

export interface Broadcast {
  readonly timeline: Timeline;
  /** Segments that are published. */
  readonly ready: ReadonlySet<number>;
  /**
   * The position of a viewer who began with the broadcast and waited whenever a segment was missing. It is the time since
   * the trigger as long as upscaling is faster than the film.
   */
  readonly viewerSeconds: number;
  readonly listSize: number;
  readonly startedAtMs: number;
  /** EXT-X-MEDIA-SEQUENCE of the previous version, below which it must not go; 0 at first. */
  readonly lastFirst: number;
  /** Whether no more segments will come, so that all segments and the end are listed. */
  readonly isEnded: boolean;
}

/** The segments [first, end) that live.m3u8 lists. */
export interface Window {
  readonly first: number;
  readonly end: number;
  /** Whether ENDLIST is written. */
  readonly isLast: boolean;
}

/** Seconds of a segment of full length. */
export const fullSegmentSeconds = (t: Timeline): number => frameSeconds(t, t.framesPerSegment);

/**
 * EXT-X-TARGETDURATION. It does not look at the frame count, which may still get smaller; RFC 8216
 * 4.3.3.1 asks for no EXTINF that rounds above it, and 6.2.1 that it never changes.
 */
export const targetDurationSeconds = (t: Timeline): number =>
  Math.max(1, Math.ceil(fullSegmentSeconds(t) - 1e-9));

/** The first missing segment at or after `from`. */
export function firstMissing(ready: ReadonlySet<number>, from: number): number {
  let k = from;
  while (ready.has(k)) k += 1;
  return k;
}

/**
 * The window of a simulated broadcast: its newest segment is the newest one made, but never more
 * than a list ahead of the viewer who began with it, so that he never falls out of the window.
 */
export function liveWindow(broadcast: Broadcast): Window {
  const { timeline, ready, listSize, lastFirst } = broadcast;
  const count = segmentCount(timeline);
  // RFC 8216 6.2.2: at least three target durations must stay in the list.
  const fewest = Math.ceil(
    (3 * targetDurationSeconds(timeline)) / fullSegmentSeconds(timeline) - 1e-9,
  );
  const size = Math.max(listSize, fewest);
  const made = Math.min(firstMissing(ready, lastFirst), count);
  // A millionth of a segment keeps 5.9999999 from counting as 5.
  const watched = Math.floor(broadcast.viewerSeconds / fullSegmentSeconds(timeline) + 1e-6);
  const end = broadcast.isEnded ? made : Math.min(made, watched + size);
  const slid = broadcast.isEnded ? lastFirst : Math.max(lastFirst, end - size);
  const isAll = end === count && timeline.growth !== "going";
  return { first: slid, end, isLast: broadcast.isEnded || isAll };
}

/**
 * live.m3u8, a rolling playlist as in RFC 8216; undefined as long as there is nothing to list.
 * Segment URIs are relative.
 */
export function livePlaylist(broadcast: Broadcast): string | undefined {
  const { timeline, startedAtMs } = broadcast;
  const { first, end, isLast } = liveWindow(broadcast);
  if (end <= first) return undefined;
  const lines = [
    "#EXTM3U",
    "#EXT-X-VERSION:6",
    `#EXT-X-TARGETDURATION:${targetDurationSeconds(timeline)}`,
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    "#EXT-X-INDEPENDENT-SEGMENTS",
  ];
  for (let k = first; k < end; k += 1) {
    const startSeconds = segmentStartSeconds(timeline, k);
    const at = new Date(startedAtMs + Math.round(startSeconds * 1000)).toISOString();
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${at}`, ...segmentLines(timeline, k));
  }
  if (isLast) lines.push("#EXT-X-ENDLIST");
  return `${lines.join("\n")}\n`;
}

/** EXTINF and URI of segment `k`; microseconds, so that an hour's sum is right to a few ms. */
export function segmentLines(
  timeline: Timeline,
  k: number,
  folder = "segments/",
): [string, string] {
  const seconds = segmentSeconds(timeline, k).toFixed(6);
  return [`#EXTINF:${seconds},`, `${folder}${segmentFileName(k)}`];
}
