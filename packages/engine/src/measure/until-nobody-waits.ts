import type { Streams } from "@upreel/streams";

/** Who has waited shortly before, or has just got what he waited for, jumps on, or waits for the next segment. */
const QUIET_MS = 2_000;
/** Where a machine is too slow for its viewers somebody always waits. */
const LONGEST_MS = 60_000;

/**
 * Settles when nobody's player has waited for two seconds for what is not made yet, when `signal` aborts, or after a
 * minute.
 */
export function untilNobodyWaits(
  streams: Pick<Streams, "list" | "subscribe">,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let quiet: NodeJS.Timeout | undefined;
  const end = (): void => {
    unsubscribe();
    signal.removeEventListener("abort", end);
    clearTimeout(quiet);
    clearTimeout(longest);
    resolve();
  };
  const look = (): void => {
    const isAnyWaiting = streams.list().some(({ viewersWaiting }) => viewersWaiting > 0);
    if (isAnyWaiting) {
      clearTimeout(quiet);
      quiet = undefined;
    } else quiet ??= setTimeout(end, QUIET_MS);
  };
  const longest = setTimeout(end, LONGEST_MS);
  const unsubscribe = streams.subscribe(look);
  signal.addEventListener("abort", end);
  look();
  if (signal.aborted) end();
  return promise;
}
