import { isSameStretch } from "@upreel/core";
import type { FilmChapter } from "./film-chapter.ts";

/** A plugin, as far as it matters for what is shown of it. */
export interface ShownPlugin {
  readonly id: string;
  readonly isBuiltIn: boolean;
  readonly isEnabled: boolean;
}

/**
 * What players are told of all that plugins found: of plugins that are switched on alone, and where two found the same
 * thing what the first of them says of it. Who installs one wants what it finds: the built-in ones come last.
 */
export function chooseChapters(
  found: readonly FilmChapter[],
  plugins: readonly ShownPlugin[],
): readonly FilmChapter[] {
  const enabled = plugins.filter(({ isEnabled }) => isEnabled);
  const order = enabled.toSorted((a, b) => Number(a.isBuiltIn) - Number(b.isBuiltIn));
  const chosen: FilmChapter[] = [];
  for (const { id } of order)
    for (const chapter of found)
      if (chapter.pluginId === id && !chosen.some((each) => isSame(each, chapter)))
        chosen.push(chapter);
  return chosen.toSorted((a, b) => a.startSeconds - b.startSeconds);
}

const isSame = (a: FilmChapter, b: FilmChapter): boolean =>
  a.role === b.role &&
  isSameStretch([a.startSeconds, a.endSeconds], [b.startSeconds, b.endSeconds]);
