/** A change of the picture needs a moment, and the first segments are not to be the last ones. */
const LEAST_SECONDS = 4;
/** More is not asked for even of the slowest machine. */
const MOST_SECONDS = 60;

/**
 * How many seconds of the upscaled film have to be ready ahead of a viewer before it is shown: made at `speed` film
 * seconds a second, they last to the end of the film, which is `leftSeconds` away. `times`: so many times as much.
 */
export const safeLeadSeconds = (leftSeconds: number, speed: number, times = 1): number =>
  Math.min(
    leftSeconds,
    MOST_SECONDS,
    times * Math.max(LEAST_SECONDS, leftSeconds * Math.max(0, 1 - speed)),
  );
