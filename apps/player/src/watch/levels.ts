import { signal, type ReadonlySignal } from "@preact/signals";
import type Hls from "hls.js";
import { preferences, type Quality } from "./preferences.ts";

/** One quality of a film. */
export interface Level {
  /** Lines of its picture. */
  readonly lines: number;
  /** What it needs of the line, as a rule; 0: not told. */
  readonly bitsPerSecond: number;
}

/** The qualities of one film, as its playlist lists them. */
export interface Levels {
  /** The best one first; one alone is no choice. */
  readonly levels: ReadonlySignal<readonly Level[]>;
  /** Lines of the chosen one; 0: as the line allows. */
  readonly level: ReadonlySignal<number>;
  /** For this film and all that come. */
  readonly chooseLevel: (lines: number) => void;
}

/**
 * `follow` once for each new hls.js. The best quality is played until somebody chooses: where it is not there yet, this
 * page shows the original, which is more than hls.js would know to do.
 */
export function createLevels(): Levels & {
  readonly follow: (hls: Hls, library: typeof Hls) => void;
} {
  const levels = signal<readonly Level[]>([]);
  const level = signal(-1);
  let current: Hls | undefined;

  const apply = (hls: Hls): void => {
    const lines = level.peek();
    // By its height: hls.js sorts them by the rate.
    const index = lines === 0 ? -1 : hls.levels.findIndex(({ height }) => height === lines);
    hls.nextLevel = index;
    // After errors hls.js would take another one, and stay there: it may take none beside the chosen one.
    hls.autoLevelCapping = index;
    // The lower bound that can be set is a bit rate, and a lower quality of a film that stands still may have the higher one.
    if (index < 0) Reflect.deleteProperty(hls, "minAutoLevel");
    else Object.defineProperty(hls, "minAutoLevel", { value: index, configurable: true });
  };
  return {
    ...{ levels, level },
    chooseLevel(lines) {
      level.value = lines;
      const [best] = levels.peek();
      preferences.keepQuality(lines === 0 ? "line" : lines === best?.lines ? "best" : lines);
      if (current !== undefined) apply(current);
    },
    follow(hls, { Events }) {
      current = hls;
      hls.on(Events.MANIFEST_PARSED, () => {
        const found = hls.levels
          .map(({ height, averageBitrate }) => ({ lines: height, bitsPerSecond: averageBitrate }))
          .toSorted((a, b) => b.lines - a.lines);
        levels.value = found;
        level.value = levelOf(
          preferences.read().quality,
          found.map(({ lines }) => lines),
        );
        // Of one there is nothing to choose, and hls.js is left as it is.
        if (found.length > 1) apply(hls);
      });
      hls.on(Events.DESTROYING, () => {
        if (current === hls) current = undefined;
      });
    },
  };
}

/** What comes closest to what was chosen, and is no larger; else the smallest. `lines`: the best one first. */
export function levelOf(quality: Quality, lines: readonly number[]): number {
  if (quality === "line") return 0;
  const [best = 0] = lines;
  return quality === "best" ? best : (lines.find((each) => each <= quality) ?? lines.at(-1) ?? 0);
}
