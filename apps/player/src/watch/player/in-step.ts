/** The speed is changed by at most this much; nobody hears it. */
const MOST_CORRECTION = 0.5;
/** Share of what it is behind that is made good in a second. */
const CORRECTION_PER_SECOND = 6;
const CORRECTION_STEP = 0.05;
/** In step is nearer than this share of a frame: whoever comes from behind stays behind by it. */
const IN_STEP_FRAMES = 1 / 4;
/** Films with many frames a second need not come nearer than this: browsers tell their clocks no more exactly. */
const EXACT_SECONDS = 1 / 120;
/** The same where the speed cannot be bent: half a frame is what a good start hits. */
const NEAR_FRAMES = 1 / 2;
const AGREES_FOR = 3;
const BENDS_WITHIN_MS = 4_000;
/** A film that has not come nearer by a quarter for so long will not. */
const VAIN_AFTER_MS = 1_000;
const LOOKS_WITHIN_MS = 700;

/** `met`: both clocks agree. `vain`: they do not, nor will. */
export type Verdict = "going" | "met" | "vain";

/**
 * By which share of its speed a film catches up. In steps: Firefox's clock stands still for a moment each time that
 * the speed changes, and never caught up where that was at every picture.
 */
export function bendFor(behindSeconds: number): number {
  const steps = Math.round((CORRECTION_PER_SECOND * Math.abs(behindSeconds)) / CORRECTION_STEP);
  const size = Math.min(MOST_CORRECTION, Math.max(1, steps) * CORRECTION_STEP);
  return behindSeconds < 0 ? -size : size;
}

/**
 * Brings a film that plays in step with another one: told how many seconds it is behind, and when, it says by which share
 * its speed is to be bent, and whether they agree. `bends` false: the speed stays, and it only looks.
 */
export function followInStep(
  frameSeconds: number,
  bends: boolean,
): (behindSeconds: number, nowMs: number) => { readonly bend: number; readonly verdict: Verdict } {
  const near = bends
    ? Math.max(frameSeconds * IN_STEP_FRAMES, EXACT_SECONDS)
    : frameSeconds * NEAR_FRAMES;
  let beganMs: number | undefined;
  let agreed = 0;
  let best = Infinity;
  let nearerAtMs = 0;
  return (behindSeconds, nowMs) => {
    beganMs ??= nowMs;
    const distance = Math.abs(behindSeconds);
    if (distance < 0.75 * best) {
      best = distance;
      nearerAtMs = nowMs;
    }
    agreed = distance < near ? agreed + 1 : 0;
    const isOver = nowMs - beganMs > (bends ? BENDS_WITHIN_MS : LOOKS_WITHIN_MS);
    const isVain = nowMs - nearerAtMs > VAIN_AFTER_MS && distance > frameSeconds * NEAR_FRAMES;
    return {
      bend: bends && agreed === 0 ? bendFor(behindSeconds) : 0,
      verdict: agreed >= AGREES_FOR ? "met" : isOver || isVain ? "vain" : "going",
    };
  };
}
