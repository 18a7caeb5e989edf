import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { viewerQualitySchema, type Choice, type ViewerQuality } from "./playback.ts";

/** What is remembered of each kind; the oldest is forgotten. */
const MOST_REMEMBERED = 1_000;

/** What viewers chose: how they see an item, and in which quality they see films. The latest one is the last. */
export interface ViewerChoices {
  readonly choices: readonly (readonly [viewerAndItem: string, Choice])[];
  readonly qualities?: readonly (readonly [viewer: string, ViewerQuality])[] | undefined;
}

const reasonSchema = z.object({ code: z.string(), message: z.string() });
export const viewerChoicesSchema = z.object({
  choices: z.array(
    z.tuple([z.string(), z.object({ shows: z.string(), reason: reasonSchema.optional() })]),
  ),
  qualities: z.array(z.tuple([z.string(), viewerQualitySchema])).optional(),
});

/** Both, `later` ones in place of those before. */
export function withChoices(before: ViewerChoices, later: ViewerChoices): ViewerChoices {
  return {
    choices: latest(before.choices, later.choices),
    qualities: latest(before.qualities, later.qualities),
  };
}

/** Those of `choices` about whose viewer and item `now` says the same as `before`, or both nothing. */
export function withoutChanged(
  choices: ViewerChoices,
  before: ViewerChoices,
  now: ViewerChoices,
): ViewerChoices {
  return {
    choices: unchanged(choices.choices, before.choices, now.choices),
    qualities: unchanged(choices.qualities, before.qualities, now.qualities),
  };
}

function unchanged<V>(
  entries: readonly (readonly [string, V])[] = [],
  before: readonly (readonly [string, V])[] = [],
  now: readonly (readonly [string, V])[] = [],
): (readonly [string, V])[] {
  const [was, is] = [new Map(before), new Map(now)];
  return entries.filter(([key]) => isDeepStrictEqual(was.get(key), is.get(key)));
}

function latest<V>(
  before: readonly (readonly [string, V])[] = [],
  later: readonly (readonly [string, V])[] = [],
): (readonly [string, V])[] {
  const all = new Map(before);
  for (const [key, value] of later) {
    all.delete(key);
    all.set(key, value);
  }
  bound(all);
  return [...all];
}

/** Keeps what viewers choose. `changed` is called after each choice. */
export function keepChoices(changed: () => void) {
  const choices = new Map<string, Choice>();
  const qualities = new Map<string, ViewerQuality>();
  const listeners = new Set<(chosen: ViewerChoices) => void>();
  const choiceKey = (viewer: string, itemId: string): string => `${viewer}\n${itemId}`;
  const tell = (chosen: ViewerChoices): void => {
    for (const listener of listeners) listener(chosen);
    changed();
  };
  return {
    choose(viewer: string, itemId: string, choice: Choice): void {
      const key = choiceKey(viewer, itemId);
      choices.set(key, choice);
      bound(choices);
      tell({ choices: [[key, choice]] });
    },
    choiceOf: (viewer: string, itemId: string): Choice | undefined =>
      choices.get(choiceKey(viewer, itemId)),
    /** For all that `viewer` plays from now on. */
    chooseQuality(viewer: string, quality: ViewerQuality): void {
      qualities.delete(viewer);
      qualities.set(viewer, quality);
      bound(qualities);
      tell({ choices: [], qualities: [[viewer, quality]] });
    },
    qualityOf: (viewer: string): ViewerQuality | undefined => qualities.get(viewer),
    choicesMade: (): ViewerChoices => ({ choices: [...choices], qualities: [...qualities] }),
    restoreChoices(kept: ViewerChoices): void {
      for (const [key, choice] of kept.choices) choices.set(key, choice);
      for (const [viewer, quality] of kept.qualities ?? []) qualities.set(viewer, quality);
      for (const all of [choices, qualities]) bound(all);
    },
    /** Called with each choice that is made here; returns the unsubscribe function. */
    onChoice(listener: (chosen: ViewerChoices) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
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
