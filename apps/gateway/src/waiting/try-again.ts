import { toUpreelError, type ErrorCode } from "@upreel/core";
import { NO_CHANGES, until } from "./until.ts";

/** What may be better the next time: a disk that is full or away, a process that was killed. */
const MAY_PASS: ReadonlySet<ErrorCode> = new Set([
  "decoder_failed",
  "encoder_failed",
  "disk_full",
  "disk_read_only",
  "source_unavailable",
  "timeout",
]);

/**
 * What `make` gives, tried again as long as the client is there: a player that plays survives a wait,
 * but no error. `onFailure` is told of the first one.
 */
export async function tryAgain<T>(
  make: () => Promise<T>,
  { signal, everyMs }: { readonly signal: AbortSignal; readonly everyMs: number },
  onFailure: (message: string) => void,
): Promise<T> {
  let hasFailed = false;
  const made = await until(
    async () => {
      try {
        return { it: await make() };
      } catch (thrown) {
        const { code, message, got } = toUpreelError(thrown);
        if (!MAY_PASS.has(code)) throw thrown;
        if (!hasFailed) onFailure(got === undefined ? message : `${message}: ${got}`);
        hasFailed = true;
        return undefined;
      }
    },
    { changes: NO_CHANGES, signal, againMs: everyMs },
  );
  // Without a bound it gives something, or rejects.
  if (made === undefined) throw signal.reason;
  return made.it;
}
