/** Changing the picture takes a moment, and the viewer should not run out of segments right after it. */
const LEAST_SECONDS = 4;
/** However slow the machine is, more is never required. */
const MOST_SECONDS = 60;

/**
 * How many seconds of the upscaled film have to be ready ahead of a viewer before it is shown: while the rest is made at `speed`
 * film seconds a second, they last to the end of the film, which is `leftSeconds` away. `times` multiplies the lead.
 */
export const safeLeadSeconds = (leftSeconds: number, speed: number, times = 1): number =>
  Math.min(
    leftSeconds,
    MOST_SECONDS,
    times * Math.max(LEAST_SECONDS, leftSeconds * Math.max(0, 1 - speed)),
  );
