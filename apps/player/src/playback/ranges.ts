/** [from, to) in seconds of the film. */
export type Range = readonly [number, number];

/** Two ranges that meet within this are one: their ends are rounded to milliseconds. */
const TOUCHING_SECONDS = 0.002;

/** Seconds of unbroken film from `at` on; 0 where nothing is. */
export function secondsAhead(ranges: readonly Range[], at: number): number {
  let end = at;
  for (const [from, to] of ranges) if (from <= end + TOUCHING_SECONDS && to > end) end = to;
  return end - at;
}
