import { signal, type ReadonlySignal } from "@preact/signals";
import type Hls from "hls.js";
import { preferences, type Quality } from "./preferences.ts";

/** One quality of a film. */
export interface Level {
  /** What it is remembered by. */
  readonly quality: Exclude<Quality, "line">;
  /** Lines of its picture. */
  readonly lines: number;
  /** What it needs of the line, as a rule; 0: not told. */
  readonly bitsPerSecond: number;
}

/** The qualities of one film, as its playlist lists them. */
export interface Levels {
  /** The best one first; one alone is no choice. */
  readonly levels: ReadonlySignal<readonly Level[]>;
  /** The chosen one, or `line`. */
  readonly level: ReadonlySignal<Quality>;
  /** For this film and all that come. */
  readonly chooseLevel: (quality: Quality) => void;
}

/** Where the upscaled film lies at fewer bits. */
const LEAN = /\/lower\/\d+p-lean\//;

/**
 * `follow` once for each new hls.js. The best quality is played until somebody chooses: where it is not there yet, this
 * page shows the original, which is more than hls.js would know to do.
 */
export function createLevels(): Levels & {
  readonly follow: (hls: Hls, library: typeof Hls) => void;
} {
  const levels = signal<readonly Level[]>([]);
  const level = signal<Quality>("best");
  let current: Hls | undefined;

  const apply = (hls: Hls): void => {
    // By what it is: hls.js sorts them by the rate.
    const index = listLevels(hls).find(({ quality }) => quality === level.peek())?.index ?? -1;
    hls.nextLevel = index;
    // After errors hls.js would take another one, and stay there: it may take none beside the chosen one.
    hls.autoLevelCapping = index;
    // The lower bound that can be set is a bit rate, and a lower quality of a film that stands still may have the higher one.
    if (index < 0) Reflect.deleteProperty(hls, "minAutoLevel");
    else Object.defineProperty(hls, "minAutoLevel", { value: index, configurable: true });
  };
  return {
    ...{ levels, level },
    chooseLevel(quality) {
      level.value = quality;
      const [best] = levels.peek();
      preferences.keepQuality(quality === best?.quality ? "best" : quality);
      if (current !== undefined) apply(current);
    },
    follow(hls, { Events }) {
      current = hls;
      passByWhatIsWaitedFor(hls);
      hls.on(Events.MANIFEST_PARSED, () => {
        levels.value = listLevels(hls);
        level.value = levelOf(preferences.read().quality, levels.value);
        // Of one there is nothing to choose, and hls.js is left as it is.
        if (levels.value.length > 1) apply(hls);
      });
      hls.on(Events.DESTROYING, () => {
        if (current === hls) current = undefined;
      });
    },
  };
}

/**
 * Where hls.js chooses by the line, it takes the next lower quality in place of one whose segments come no sooner than those that hold it
 * up: it would stand still there, too.
 */
function passByWhatIsWaitedFor(hls: Hls): void {
  const own: object = Object.getPrototypeOf(hls);
  const passBy = (index: number): number =>
    index > 0 && hls.levels[index]?.attrs["X-WAITED-FOR"] === "YES" ? index - 1 : index;
  Object.defineProperty(hls, "nextAutoLevel", {
    get: () => passBy(Reflect.get(own, "nextAutoLevel", hls)),
    // What it is told it forgets only once it has loaded that.
    set(index: number) {
      Reflect.set(own, "nextAutoLevel", passBy(index), hls);
    },
  });
}

/** The best one first, with their places in hls.js's own list. */
function listLevels(hls: Hls): (Level & { readonly index: number })[] {
  const listed = hls.levels.map(({ height, averageBitrate, uri }, index) => ({
    ...{ index, lines: height, bitsPerSecond: averageBitrate, isLean: LEAN.test(uri) },
  }));
  const most = Math.max(...listed.map(({ lines }) => lines));
  return listed
    .toSorted((a, b) => b.lines - a.lines || Number(a.isLean) - Number(b.isLean))
    .map(({ isLean, ...each }) => ({
      ...each,
      quality: isLean ? "lean" : each.lines === most ? "best" : each.lines,
    }));
}

/** What comes closest to what was chosen, and is no larger; else the smallest. `levels`: the best one first. */
export function levelOf(
  quality: Quality,
  levels: readonly Pick<Level, "quality" | "lines">[],
): Quality {
  if (quality === "line") return "line";
  const isChosen = (each: Pick<Level, "quality" | "lines">): boolean =>
    typeof quality === "number" ? each.lines <= quality : each.quality === quality;
  const otherwise = typeof quality === "number" ? levels.at(-1) : levels[0];
  return (levels.find(isChosen) ?? otherwise)?.quality ?? "best";
}
