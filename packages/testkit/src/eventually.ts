import { setTimeout as sleep } from "node:timers/promises";

/** What has not come by then hangs: no machine is so slow. */
const LONGEST_MS = 240_000;

type Nothing = undefined | null | false;

/**
 * Waits until `check` gives something true (or does not throw); fails with its last error, or with
 * `what`, after `deadlineMs`. For what has no event to wait for.
 */
export async function eventually<T>(
  what: string,
  check: () => T | Nothing | Promise<T | Nothing>,
  deadlineMs = LONGEST_MS,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const value = await check();
      if (value !== undefined && value !== null && value !== false) return value;
    } catch (error) {
      last = error;
    }
    await sleep(10);
  }
  throw new Error(`not within ${deadlineMs} ms: ${what}`, { cause: last });
}
