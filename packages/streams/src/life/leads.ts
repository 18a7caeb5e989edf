import { segmentAt, segmentStartSeconds, type Timeline } from "@upreel/core";
import type { Seen } from "./step.ts";

/** In how many seconds the first one who watches, or is about to, comes to a segment; undefined: nobody does. */
export function leadsOf(
  audience: Seen["audience"],
  timeline: Timeline,
): (segment: number) => number | undefined {
  const positions = audience.positions().map(({ seconds }) => seconds);
  const isExpected = positions.length === 0 && audience.isExpected();
  const watched = isExpected ? [audience.expectedSeconds] : positions;
  return (segment) => {
    const start = segmentStartSeconds(timeline, segment);
    const leads = watched
      .filter((seconds) => segmentAt(timeline, seconds) <= segment)
      .map((seconds) => Math.max(0, start - seconds));
    return leads.length === 0 ? undefined : Math.min(...leads);
  };
}
