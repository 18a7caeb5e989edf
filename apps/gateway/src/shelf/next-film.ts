import { dirname } from "node:path";
import type { FilmIndex, IndexedFilm } from "./film-index.ts";
import { byPath } from "./film-order.ts";
import type { FilmStreams } from "./film-streams.ts";

/**
 * The film that comes after this stream's in its folder; undefined for the last one. The folder is looked into now: in the
 * index an episode that has just come would be missing, and the one after it would be taken for the next.
 */
export async function nextFilm(
  { index, streams }: { readonly index: FilmIndex; readonly streams: Pick<FilmStreams, "pathOf"> },
  stream: string,
): Promise<IndexedFilm | undefined> {
  const path = await streams.pathOf(stream);
  if (path === undefined) return undefined;
  const isCurrent = ({ realPath }: IndexedFilm): boolean => realPath === path;
  const films = (await index.filmsIn(await folderOf(index, path))).toSorted(byPath);
  const at = films.findIndex(isCurrent);
  return at < 0 ? undefined : films.slice(at).find((film) => !isCurrent(film));
}

/** Where people see the film: the folder of the link, where there is one. */
async function folderOf(index: FilmIndex, path: string): Promise<string> {
  const seen = (): string | undefined =>
    index.now().films.find(({ realPath }) => realPath === path)?.folder;
  const known = seen();
  // Nobody may have looked since the gateway was started.
  if (known === undefined) await index.settled();
  return known ?? seen() ?? dirname(path);
}
