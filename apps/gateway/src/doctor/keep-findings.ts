import type { Finding } from "@upreel/core";

/** Looking takes seconds of a whole core. */
const GOOD_FOR_MS = 10 * 60_000;

/**
 * What was found, for a while; calls that come while it is being looked for share one look. `isAnew`
 * looks again.
 */
export function keepFindings(
  look: () => Promise<readonly Finding[]>,
  nowMs: () => number,
): (isAnew: boolean) => Promise<readonly Finding[]> {
  let running: Promise<readonly Finding[]> | undefined;
  let kept: { readonly findings: readonly Finding[]; readonly atMs: number } | undefined;
  const lookOnce = (): Promise<readonly Finding[]> =>
    (running ??= look()
      .then((findings) => {
        kept = { findings, atMs: nowMs() };
        return findings;
      })
      .finally(() => {
        running = undefined;
      }));
  return async (isAnew) => {
    const isGood = kept !== undefined && nowMs() - kept.atMs < GOOD_FOR_MS;
    return kept !== undefined && isGood && !isAnew ? kept.findings : lookOnce();
  };
}
