const MINUTE_SECONDS = 60;

/** What makes a film from then on. */
export interface RungSeen {
  readonly atSeconds: number;
  readonly model: string;
}

/** How often, how soon after each other, and how often back to the one before within a minute. */
export function changesOf(seen: readonly RungSeen[]) {
  const times = seen.slice(1).map(({ atSeconds }) => atSeconds);
  const gaps = times.slice(1).map((at, n) => at - (times[n] ?? 0));
  const isBack = ({ model, atSeconds }: RungSeen, n: number): boolean =>
    n >= 2 &&
    seen[n - 2]?.model === model &&
    atSeconds - (seen[n - 1]?.atSeconds ?? 0) < MINUTE_SECONDS;
  return {
    changes: times.length,
    /** Infinity where there are no two. */
    closestSeconds: Math.min(...gaps),
    backWithinMinute: seen.filter(isBack).length,
  };
}
