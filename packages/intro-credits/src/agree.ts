import type { Span } from "./span.ts";

/** Spans so far apart are of different things. */
const APART_SECONDS = 3;

/**
 * Of spans that one episode has in common with others, the one that most of them agree on, in the middle of what
 * they say; the longer one where two have as many.
 */
export function agree(spans: readonly Span[]): Span | undefined {
  const groups = spans.map((each) =>
    spans.filter(
      ({ start, end }) =>
        Math.abs(start - each.start) <= APART_SECONDS && Math.abs(end - each.end) <= APART_SECONDS,
    ),
  );
  const [most] = groups.toSorted((a, b) => b.length - a.length || lengthOf(b) - lengthOf(a));
  if (most === undefined) return undefined;
  return { start: median(most.map(({ start }) => start)), end: median(most.map(({ end }) => end)) };
}

const lengthOf = ([first]: readonly Span[]): number =>
  first === undefined ? 0 : first.end - first.start;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
