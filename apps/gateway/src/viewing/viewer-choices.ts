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
  const all = new Map<string, V>();
  for (const [key, value] of [...before, ...later]) remember(all, key, value);
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
      remember(choices, key, choice);
      tell({ choices: [[key, choice]] });
    },
    choiceOf: (viewer: string, itemId: string): Choice | undefined =>
      choices.get(choiceKey(viewer, itemId)),
    /** For all that `viewer` plays from now on. */
    chooseQuality(viewer: string, quality: ViewerQuality): void {
      remember(qualities, viewer, quality);
      tell({ choices: [], qualities: [[viewer, quality]] });
    },
    qualityOf: (viewer: string): ViewerQuality | undefined => qualities.get(viewer),
    choicesMade: (): ViewerChoices => ({ choices: [...choices], qualities: [...qualities] }),
    restoreChoices(kept: ViewerChoices): void {
      for (const [key, choice] of kept.choices) remember(choices, key, choice);
      for (const [viewer, quality] of kept.qualities ?? []) remember(qualities, viewer, quality);
    },
    /** Called with each choice that is made here; returns the unsubscribe function. */
    onChoice(listener: (chosen: ViewerChoices) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Puts an entry last, as the latest one, and forgets the first where there are too many. */
export function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST_REMEMBERED && oldest !== undefined) map.delete(oldest);
}
