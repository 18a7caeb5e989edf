/** A position that was told to a stream. */
export interface Told {
  readonly seconds: number;
  readonly isPaused: boolean;
  readonly atMs: number;
}

const TELL_EVERY_MS = 5_000;
/** A position further from where it should be is a jump. */
const JUMP_SECONDS = 2;

/** Whether a position is worth telling: the server tells one every second. */
export function isNews(told: Told | undefined, now: Told): boolean {
  if (told === undefined || told.isPaused !== now.isPaused) return true;
  const passedSeconds = now.isPaused ? 0 : (now.atMs - told.atMs) / 1000;
  const isJump = Math.abs(now.seconds - told.seconds - passedSeconds) >= JUMP_SECONDS;
  return isJump || now.atMs - told.atMs >= TELL_EVERY_MS;
}
