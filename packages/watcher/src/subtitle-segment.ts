import { PTS_OFFSET_FRAMES, frameSeconds, type Timeline } from "@upreel/core";

/** A stretch of the timeline; seconds. */
export interface Stretch {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

const TIMING = /^((?:\d+:)?\d\d:\d\d\.\d{3}) --> ((?:\d+:)?\d\d:\d\d\.\d{3})/m;

/**
 * A WebVTT segment of HLS: the cues of `text`, whose times are on the timeline, that are shown in the
 * stretch, and how those times map to the segments' clock (RFC 8216 3.5).
 */
export function subtitleSegment(text: string, timeline: Timeline, stretch: Stretch): string {
  // ffmpeg writes a header of one line, no cue numbers, and blank lines between cues.
  const cues = text
    .replaceAll("\r\n", "\n")
    .split(/\n{2,}/)
    .filter((block) => isShown(block, stretch));
  const zero = Math.round(frameSeconds(timeline, PTS_OFFSET_FRAMES) * 90_000);
  const header = `WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:${zero},LOCAL:00:00:00.000`;
  return `${[header, ...cues.map((cue) => cue.trim())].join("\n\n")}\n`;
}

function isShown(block: string, { fromSeconds, toSeconds }: Stretch): boolean {
  const [, start, end] = TIMING.exec(block) ?? [];
  if (start === undefined || end === undefined) return false;
  return secondsOf(start) < toSeconds && secondsOf(end) > fromSeconds;
}

/** Of `01:02:03.004` or `02:03.004`. */
const secondsOf = (clock: string): number =>
  clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
