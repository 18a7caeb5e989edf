import { SECONDS_IN_POINT, SECONDS_PER_POINT } from "./points.ts";
import type { Span } from "./span.ts";

/** Points that differ in so many of 32 bits are of one sound. */
const MOST_BITS = 6;
/** So close to each other, two points may be the same sound: where two episodes may be laid over each other. */
const NEAR = 2;
/** Held notes and silence say nothing of where they are. */
const MOST_PLACES = 20;
const MOST_SHIFTS = 12;
/** A shorter stretch that differs (a word, a title) is a part of it. */
const GAP_POINTS = Math.round(3.5 / SECONDS_PER_POINT);
const SHORTEST_SECONDS = 15;
const LONGEST_SECONDS = 120;

/** The longest stretch in which both sound alike, as it lies in the points of each; undefined: there is none. */
export function commonSound(
  a: Uint32Array,
  b: Uint32Array,
): { readonly a: Span; readonly b: Span } | undefined {
  let best: { first: number; last: number; shift: number } | undefined;
  for (const shift of likelyShifts(a, b)) {
    const run = longestRun(a, b, shift);
    if (run === undefined) continue;
    if (best === undefined || run.last - run.first > best.last - best.first)
      best = { ...run, shift };
  }
  if (best === undefined) return undefined;
  const { first, last, shift } = best;
  const { from, to } = overlapOf(a, b, shift);
  const ends = { isAtStart: first === from, isAtEnd: last >= to - 1 };
  return { a: spanOf(first, last, ends), b: spanOf(first + shift, last + shift, ends) };
}

/** Points of `a`, from and before which `b` has some, too. */
const overlapOf = (a: Uint32Array, b: Uint32Array, shift: number) => ({
  from: Math.max(0, -shift),
  to: Math.min(a.length, b.length - shift),
});

/** Where `b` may lie over `a`: how many points later, the likeliest first. */
function likelyShifts(a: Uint32Array, b: Uint32Array): readonly number[] {
  const places = new Map<number, number[]>();
  for (const [at, point] of b.entries()) {
    const known = places.get(point);
    if (known === undefined) places.set(point, [at]);
    else known.push(at);
  }
  const votes = new Map<number, number>();
  for (const [at, point] of a.entries())
    for (let near = -NEAR; near <= NEAR; near += 1) {
      const found = places.get(point + near) ?? [];
      if (found.length > MOST_PLACES) continue;
      for (const place of found) votes.set(place - at, (votes.get(place - at) ?? 0) + 1);
    }
  return [...votes]
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, MOST_SHIFTS)
    .map(([shift]) => shift);
}

function longestRun(
  a: Uint32Array,
  b: Uint32Array,
  shift: number,
): { readonly first: number; readonly last: number } | undefined {
  let best: { first: number; last: number } | undefined;
  let run: { first: number; last: number } | undefined;
  const close = (): void => {
    if (run === undefined) return;
    const { start, end } = spanOf(run.first, run.last);
    const isLonger = best === undefined || run.last - run.first > best.last - best.first;
    if (end - start >= SHORTEST_SECONDS && end - start <= LONGEST_SECONDS && isLonger) best = run;
    run = undefined;
  };
  const { from, to } = overlapOf(a, b, shift);
  for (let at = from; at < to; at += 1) {
    if (countBits((a[at] ?? 0) ^ (b[at + shift] ?? 0)) > MOST_BITS) continue;
    if (run !== undefined && at - run.last > GAP_POINTS) close();
    run = { first: run?.first ?? at, last: at };
  }
  close();
  return best;
}

/**
 * A point is alike as soon as most of what it is made of is: a stretch begins and ends within a point. One that goes on to where the sound of
 * either begins or ends holds the whole point: credits that last until the end would lose their last seconds.
 */
function spanOf(first: number, last: number, { isAtStart, isAtEnd } = NOWHERE): Span {
  return {
    start: first * SECONDS_PER_POINT + (isAtStart ? 0 : SECONDS_IN_POINT / 4),
    end: last * SECONDS_PER_POINT + (isAtEnd ? SECONDS_IN_POINT : SECONDS_IN_POINT / 2),
  };
}

const NOWHERE = { isAtStart: false, isAtEnd: false };

function countBits(value: number): number {
  let bits = value - ((value >>> 1) & 0x55_55_55_55);
  bits = (bits & 0x33_33_33_33) + ((bits >>> 2) & 0x33_33_33_33);
  return (((bits + (bits >>> 4)) & 0x0f_0f_0f_0f) * 0x01_01_01_01) >>> 24;
}
