import { signal, type ReadonlySignal } from "@preact/signals";
import type Hls from "hls.js";

/** The qualities of one film, as its playlist lists them. */
export interface Levels {
  /** Lines of each, the best one first; one alone is no choice. */
  readonly levels: ReadonlySignal<readonly number[]>;
  /** Lines of the chosen one; 0: as the line allows. */
  readonly level: ReadonlySignal<number>;
  readonly chooseLevel: (lines: number) => void;
}

/**
 * `follow` once for each new hls.js. The best quality is played until somebody chooses: where it is not there yet, this
 * page shows the original, which is more than hls.js would know to do.
 */
export function createLevels(): Levels & {
  readonly follow: (hls: Hls, library: typeof Hls) => void;
} {
  const levels = signal<readonly number[]>([]);
  const level = signal(-1);
  let current: Hls | undefined;

  const apply = (hls: Hls): void => {
    const lines = level.peek();
    // By its height: hls.js sorts them by the rate.
    const index = lines === 0 ? -1 : hls.levels.findIndex(({ height }) => height === lines);
    hls.nextLevel = index;
    // After errors hls.js would take another one, and stay there: it may take none beside the chosen one.
    hls.autoLevelCapping = index;
    hls.config.minAutoBitrate = hls.levels[index]?.maxBitrate ?? 0;
  };
  return {
    ...{ levels, level },
    chooseLevel(lines) {
      level.value = lines;
      if (current !== undefined) apply(current);
    },
    follow(hls, { Events }) {
      current = hls;
      hls.on(Events.MANIFEST_PARSED, () => {
        const found = hls.levels.map(({ height }) => height).toSorted((a, b) => b - a);
        levels.value = found;
        const [best = 0] = found;
        if (level.peek() !== 0 && !found.includes(level.peek())) level.value = best;
        // Of one there is nothing to choose, and hls.js is left as it is.
        if (found.length > 1) apply(hls);
      });
      hls.on(Events.DESTROYING, () => {
        if (current === hls) current = undefined;
      });
    },
  };
}
