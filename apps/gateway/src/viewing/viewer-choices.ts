import type { Choice, PlaybackSnapshot, ViewerQuality } from "./playback.ts";

/** What is remembered of each kind; the oldest is forgotten. */
const MOST_REMEMBERED = 1_000;

/** What viewers chose: how they see an item, and in which quality they see films. `changed` is called after each choice. */
export function keepChoices(changed: () => void) {
  const choices = new Map<string, Choice>();
  const qualities = new Map<string, ViewerQuality>();
  const choiceKey = (viewer: string, itemId: string): string => `${viewer}\n${itemId}`;
  return {
    choose(viewer: string, itemId: string, choice: Choice): void {
      choices.set(choiceKey(viewer, itemId), choice);
      bound(choices);
      changed();
    },
    choiceOf: (viewer: string, itemId: string): Choice | undefined =>
      choices.get(choiceKey(viewer, itemId)),
    /** For all that `viewer` plays from now on. */
    chooseQuality(viewer: string, quality: ViewerQuality): void {
      qualities.delete(viewer);
      qualities.set(viewer, quality);
      bound(qualities);
      changed();
    },
    qualityOf: (viewer: string): ViewerQuality | undefined => qualities.get(viewer),
    choicesMade: (): Omit<PlaybackSnapshot, "entries"> => ({
      choices: [...choices],
      qualities: [...qualities],
    }),
    restoreChoices: (kept: Omit<PlaybackSnapshot, "entries">): void => {
      for (const [key, choice] of kept.choices) choices.set(key, choice);
      for (const [viewer, quality] of kept.qualities ?? []) qualities.set(viewer, quality);
    },
  };
}

/** Forgets the oldest. */
export function bound(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    if (map.size <= MOST_REMEMBERED) return;
    map.delete(key);
  }
}
