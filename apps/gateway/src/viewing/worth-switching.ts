import type { StreamView } from "@upreel/core";

/** Made beyond the viewer before his client is switched, where it is made fast enough to grow, … */
const GROWING_LEAD_SECONDS = 8;
/** … and where it may not be. A switch costs a second of it, and the player buffers anew. */
const ENOUGH_LEAD_SECONDS = 20;
/** Film seconds a second with which a lead grows, whatever the machine does beside. */
const GROWING_SPEED = 1.25;
/** Nobody wants to be switched shortly before the end. */
const WORTH_SECONDS = 60;

/**
 * Whether who plays the original at `seconds` would gain by changing over now: enough is there beyond him,
 * and made fast enough to stay ahead of him. The same for all ways in which clients change over.
 */
export function isWorthSwitching(
  { state, advice, readyRanges, expectedSpeed, durationSeconds: end = 0 }: StreamView,
  seconds: number,
): boolean {
  if (end - seconds < WORTH_SECONDS) return false;
  if (state === "complete") return true;
  const lead = (expectedSpeed ?? 0) >= GROWING_SPEED ? GROWING_LEAD_SECONDS : ENOUGH_LEAD_SECONDS;
  const to = Math.min(end, seconds + lead);
  const isMade = readyRanges.some(([first, last]) => first <= seconds && to <= last);
  return isMade && advice === "upscaled";
}
