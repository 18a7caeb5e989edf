import type { ContentGuess } from "./classify-content.ts";

/** Words of folders and files that say what is in them. */
const ANIMATION = /(?<!\p{L})(anime|animated|animations?|cartoons?)(?!\p{L})/iu;

/**
 * What the names of folders say of a film: `Anime/…`, `Cartoons/…`. They are more reliable than pictures, above all for old
 * prints and for first scenes. Undefined if no word says it.
 */
export function contentByName(path: string): ContentGuess | undefined {
  const word = ANIMATION.exec(path)?.[0];
  return word === undefined
    ? undefined
    : { content: "animation", why: `its path says ${JSON.stringify(word)}` };
}
