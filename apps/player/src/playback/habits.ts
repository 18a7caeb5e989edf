/** How a film's video element was seen to behave, as a guess for the next time. */
export interface Habits {
  /** From a seek to its picture. */
  seekSeconds: number;
  /** From `play` until its clock goes. */
  lateSeconds: number;
}

const LATEST_SECONDS = 0.5;

/** Those of Chromium, as long as nothing was seen. */
export const usualHabits = (): Habits => ({ seekSeconds: 0.2, lateSeconds: 0.08 });

/** Notes by how much its clock was late. */
export function noteLate(habits: Habits, seconds: number): void {
  habits.lateSeconds = Math.min(LATEST_SECONDS, Math.max(0, seconds));
}
