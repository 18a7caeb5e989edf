import type { ContentGuess } from "./classify-content.ts";

/** Words of folders and files that say what is in them. */
const ANIMATION = /(?<!\p{L})(anime|animated|animations?|cartoons?)(?!\p{L})/iu;

/**
 * What a library calls a film, by its path: `Anime/…`, `Cartoons/…`. It knows better than pictures do, above
 * all of old prints and of first scenes. Undefined where no word says it.
 */
export function contentByName(path: string): ContentGuess | undefined {
  const word = ANIMATION.exec(path)?.[0];
  return word === undefined
    ? undefined
    : { content: "animation", why: `its path says ${JSON.stringify(word)}` };
}
