/** How often the upscaled film was left, and when last. */
export interface Fallbacks {
  readonly count: () => number;
  readonly sinceSeconds: () => number;
  readonly note: () => void;
  readonly forget: () => void;
}

export function countFallbacks(): Fallbacks {
  let count = 0;
  let atMs = -Infinity;
  return {
    count: () => count,
    sinceSeconds: () => (performance.now() - atMs) / 1000,
    note() {
      count++;
      atMs = performance.now();
    },
    forget() {
      count = 0;
      atMs = -Infinity;
    },
  };
}
