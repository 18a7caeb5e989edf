/** How a video element was seen to behave, as a guess for the next time. */
export interface Habits {
  /** From a seek to its picture. */
  seekSeconds: number;
  /** From `play` until its clock goes. */
  lateSeconds: number;
}

const LATEST_SECONDS = 0.5;

const seen = new WeakMap<HTMLVideoElement, Habits>();

/** The habits of `video`; those of Chromium where nothing was seen yet. */
export function habitsOf(video: HTMLVideoElement): Habits {
  const habits = seen.get(video) ?? { seekSeconds: 0.2, lateSeconds: 0.08 };
  seen.set(video, habits);
  return habits;
}

/** Its clock was late by so much. */
export function noteLate(video: HTMLVideoElement, seconds: number): void {
  habitsOf(video).lateSeconds = Math.min(LATEST_SECONDS, Math.max(0, seconds));
}
