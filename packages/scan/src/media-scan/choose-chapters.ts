import type { FilmChapter } from "./film-chapter.ts";

/** Of the shorter one: with so much in common, two chapters are of one thing. */
const SAME_SHARE = 0.5;

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

function isSame(a: FilmChapter, b: FilmChapter): boolean {
  if (a.role !== b.role) return false;
  const common = Math.min(a.endSeconds, b.endSeconds) - Math.max(a.startSeconds, b.startSeconds);
  const shorter = Math.min(a.endSeconds - a.startSeconds, b.endSeconds - b.startSeconds);
  return common > 0 && common >= shorter * SAME_SHARE;
}
