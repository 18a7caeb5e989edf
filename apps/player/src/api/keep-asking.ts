import { GatewayError } from "./gateway.ts";

const RETRY_MS = 3_000;
/** What passes: the film is still being read, the gateway or a disk is away. */
const PASSING = new Set(["timeout", "offline", "source_unavailable", "disk_full"]);

/** What `ask` gives, which is asked again while that may help; undefined when it does not, or `signal` aborts. */
export async function keepAsking<T>(
  ask: () => Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      if (!(thrown instanceof GatewayError) || !PASSING.has(thrown.code)) return undefined;
    }
    await pause(RETRY_MS, signal);
    if (signal.aborted) return undefined;
  }
}

/** Ends early when `signal` aborts. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
