import { isSameStretch } from "@upreel/core";
import type { FilmChapter } from "./film-chapter.ts";

/**
 * What players are told of all that plugins found: of plugins that are switched on alone, and where two found the same
 * thing what the first of `order` says of it.
 */
export function chooseChapters(
  found: readonly FilmChapter[],
  order: readonly string[],
): readonly FilmChapter[] {
  const chosen: FilmChapter[] = [];
  for (const id of order)
    for (const chapter of found)
      if (chapter.pluginId === id && !chosen.some((each) => isSame(each, chapter)))
        chosen.push(chapter);
  return chosen.toSorted((a, b) => a.startSeconds - b.startSeconds);
}

const isSame = (a: FilmChapter, b: FilmChapter): boolean =>
  a.role === b.role &&
  isSameStretch([a.startSeconds, a.endSeconds], [b.startSeconds, b.endSeconds]);
