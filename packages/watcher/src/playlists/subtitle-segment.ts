import { PTS_OFFSET_FRAMES, PTS_PER_SECOND, frameSeconds, type Timeline } from "@upreel/core";

/** A stretch of the timeline, in seconds. */
export interface Stretch {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** WebVTT whose times are on the timeline; its cues outside the stretch are not shown. */
export interface SubtitleText extends Stretch {
  readonly text: string;
}

const TIMING = /^((?:\d+:)?\d\d:\d\d\.\d{3}) --> ((?:\d+:)?\d\d:\d\d\.\d{3})/m;

/**
 * A WebVTT segment of HLS: the cues of `texts` that are shown in the stretch, and how their times map
 * to the segments' clock (RFC 8216 3.5). A cue that is shown in several segments stands in each of them,
 * with all of its time.
 */
export function subtitleSegment(
  texts: readonly SubtitleText[],
  timeline: Timeline,
  { fromSeconds, toSeconds }: Stretch,
): string {
  const cues = texts
    .flatMap((each) => cuesOf(each))
    .filter(({ start, end }) => start < toSeconds && end > fromSeconds);
  const zero = Math.round(frameSeconds(timeline, PTS_OFFSET_FRAMES) * PTS_PER_SECOND);
  const header = `WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:${zero},LOCAL:00:00:00.000`;
  return `${[header, ...cues.map(({ block }) => block.trim())].join("\n\n")}\n`;
}

/** ffmpeg writes a header of one line, no cue numbers, and blank lines between cues. */
function cuesOf({ text, fromSeconds, toSeconds }: SubtitleText) {
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n{2,}/)
    .flatMap((block) => {
      const [, from, to] = TIMING.exec(block) ?? [];
      if (from === undefined || to === undefined) return [];
      const start = Math.max(fromSeconds, secondsOf(from));
      const end = Math.min(toSeconds, secondsOf(to));
      const timing = `${start === secondsOf(from) ? from : clock(start)} --> ${end === secondsOf(to) ? to : clock(end)}`;
      return start < end ? [{ start, end, block: block.replace(TIMING, () => timing) }] : [];
    });
}

/** Seconds of `01:02:03.004` or `02:03.004`. */
const secondsOf = (text: string): number =>
  text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

/** `01:02:03.004`; films have 26 hours at most. */
function clock(seconds: number): string {
  const milliseconds = Math.round(seconds * 1_000);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const rest = String(milliseconds % 1_000).padStart(3, "0");
  const [h, m, s] = [
    milliseconds / 3_600_000,
    (milliseconds / 60_000) % 60,
    (milliseconds / 1_000) % 60,
  ];
  return `${two(h)}:${two(m)}:${two(s)}.${rest}`;
}
