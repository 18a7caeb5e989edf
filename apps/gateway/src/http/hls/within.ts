import { UpreelError } from "@upreel/core";

/**
 * What `made` gives; `timeout` with `message` when that takes longer than a client should wait. The
 * making goes on. Rejects with the abort reason when the client goes.
 */
export async function within<T>(
  made: Promise<T>,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
  message: string,
): Promise<T> {
  signal.throwIfAborted();
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new UpreelError("timeout", message, { expected: `within ${timeoutMs / 1000} s` }));
  }, timeoutMs);
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([made, over]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
