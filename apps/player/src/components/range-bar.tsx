interface RangeBarProps {
  readonly ready: readonly (readonly [number, number])[];
  readonly making: readonly (readonly [number, number])[];
  readonly durationSeconds: number | null;
}

/** What of a film is ready, being made, and missing; beside a text that says the same. */
export function RangeBar({ ready, making, durationSeconds }: RangeBarProps) {
  const total = durationSeconds ?? 0;
  return (
    <div class="ranges" aria-hidden="true">
      {total > 0 &&
        [
          ...making.map((range) => [range, "making"] as const),
          ...ready.map((range) => [range, "ready"] as const),
        ].map(([[from, to], kind]) => (
          <i
            key={`${kind} ${from}`}
            class={kind}
            style={{ left: `${(from / total) * 100}%`, width: `${((to - from) / total) * 100}%` }}
          />
        ))}
    </div>
  );
}
