import { safeLeadSeconds, type StreamView } from "@upreel/core";

/** A player buffers anew after a switch: where the film is made fast enough, this lead is soon there. */
const GROWING_LEAD_SECONDS = 8;
/** Film seconds a second with which a lead grows, whatever the machine does beside. */
const GROWING_SPEED = 1.25;
/** Nobody wants to be switched shortly before the end. */
const WORTH_SECONDS = 60;

/**
 * Whether who plays the original at `seconds` would gain by changing over now: as much is there beyond him
 * as a page asks for, which is what a run is begun ahead of him for. The same for all ways in which clients change over.
 */
export function isWorthSwitching(
  { state, advice, readyRanges, expectedSpeed, durationSeconds: end = 0 }: StreamView,
  seconds: number,
): boolean {
  if (end - seconds < WORTH_SECONDS) return false;
  if (state === "complete") return true;
  const speed = expectedSpeed ?? 0;
  const least = speed >= GROWING_SPEED ? GROWING_LEAD_SECONDS : 0;
  const to = Math.min(end, seconds + Math.max(least, safeLeadSeconds(end - seconds, speed)));
  const isMade = readyRanges.some(([first, last]) => first <= seconds && to <= last);
  return isMade && advice === "upscaled";
}
