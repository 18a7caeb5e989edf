import { durationSeconds, segmentStartSeconds, type Timeline } from "@upreel/core";

/** Where a viewer seems to be, told by the segments that were asked for. */
export interface Playhead {
  /** The segment asked for when this stretch of playing began. */
  readonly firstAsked: number;
  readonly firstAskedAtMs: number;
  /** The highest one asked for in this stretch. */
  readonly lastAsked: number;
  readonly lastAskedAtMs: number;
}

/** Whether who asks for `segment` goes on with this stretch: a player that reads ahead, or asks twice. */
export const isNextOf = ({ firstAsked, lastAsked }: Playhead, segment: number): boolean =>
  segment >= firstAsked && segment <= lastAsked + 1;

/**
 * Notes that `segment` was asked for. The next ones in order belong to the same stretch; anything
 * else is a seek and starts a new one.
 */
export function noteAsked(
  playhead: Playhead | undefined,
  segment: number,
  nowMs: number,
): Playhead {
  return playhead !== undefined && isNextOf(playhead, segment)
    ? { ...playhead, lastAsked: Math.max(playhead.lastAsked, segment), lastAskedAtMs: nowMs }
    : { firstAsked: segment, firstAskedAtMs: nowMs, lastAsked: segment, lastAskedAtMs: nowMs };
}

/**
 * Seconds on the timeline: the first asked segment plus the time since, never past the last asked one:
 * a player may read far ahead (mpv: 150 MiB), so what it asks for is not where it is.
 */
export function playheadSeconds(playhead: Playhead, timeline: Timeline, nowMs: number): number {
  const elapsed = Math.max(0, nowMs - playhead.firstAskedAtMs) / 1_000;
  return Math.min(
    segmentStartSeconds(timeline, playhead.firstAsked) + elapsed,
    segmentStartSeconds(timeline, playhead.lastAsked),
    durationSeconds(timeline),
  );
}
