import { systemClock, type TimedClock } from "../../waiting/timed-clock.ts";

/** What a line that was quiet may send at once. */
const BURST_MS = 250;

/** The line to each worker and from it, each way by itself, as many megabits a second as its limit allows. */
export interface LineBudget {
  /** Settles when so many bytes may have gone that way; at once where there is no limit. */
  take(line: string, bytes: number, megabits: number | undefined): Promise<void>;
}

/** All that goes over one line shares it: whoever comes later waits for those before. */
export function createLineBudget(clock: TimedClock = systemClock): LineBudget {
  /** Until when what was let through keeps each line busy. */
  const busyUntilMs = new Map<string, number>();
  return {
    async take(line, bytes, megabits) {
      if (megabits === undefined) return;
      const nowMs = clock.nowMs();
      const fromMs = Math.max(busyUntilMs.get(line) ?? 0, nowMs - BURST_MS);
      const untilMs = fromMs + (8 * bytes) / (1_000 * megabits);
      busyUntilMs.set(line, untilMs);
      if (untilMs > nowMs)
        await new Promise<void>((resolve) => void clock.after(untilMs - nowMs, resolve));
    },
  };
}
