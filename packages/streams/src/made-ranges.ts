import type { MadeRange } from "@upreel/core";

/** Notes how many pictures were decoded for the segments from `from` on; what was known of others stays. */
export function addDecoded(
  known: readonly (number | null)[],
  from: number,
  decoded: readonly number[],
): (number | null)[] {
  const length = Math.max(known.length, decoded.length === 0 ? 0 : from + decoded.length);
  return Array.from({ length }, (_, k) => decoded[k - from] ?? known[k] ?? null);
}

/** Adds segment `k` to the ranges, sorted and as few as can be; an older entry for `k` is replaced. */
export function addMade(
  ranges: readonly MadeRange[],
  k: number,
  model: string,
  provider: string,
): MadeRange[] {
  const cut = ranges.flatMap((range): MadeRange[] => {
    if (k < range.from || k >= range.to) return [range];
    return [
      { ...range, to: k },
      { ...range, from: k + 1 },
    ].filter((part) => part.from < part.to);
  });
  const merged: MadeRange[] = [];
  const all = [...cut, { from: k, to: k + 1, model, provider }].sort((a, b) => a.from - b.from);
  for (const range of all) {
    const last = merged.at(-1);
    if (
      last !== undefined &&
      last.to === range.from &&
      last.model === range.model &&
      last.provider === range.provider
    ) {
      merged[merged.length - 1] = { ...last, to: range.to };
    } else merged.push(range);
  }
  return merged;
}
