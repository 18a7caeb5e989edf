import { join, relative, sep } from "node:path";
import { isActive, type Film, type FilmsAnswer, type FilmSort } from "@upreel/core";
import type { FilmSizes } from "@upreel/engine";
import { isInside } from "@upreel/sources";
import { badgeOf } from "./badge-of.ts";
import { createExpectFilm, type ExpectFilm } from "./expect-film.ts";
import { byPath, byTitle } from "./film-order.ts";
import type { ShelfFacts, ShelfFactsKeeper } from "./shelf-facts.ts";
import type { FilmIndex, IndexedFilm } from "./film-index.ts";
import { playedVersion, type FilmStreams, type FilmVersions } from "./film-streams.ts";
import { nextFilm } from "./next-film.ts";

/** What of all films is asked for. */
export interface FilmsWanted {
  readonly search: string;
  readonly sort: FilmSort;
  /** Only films that can be watched upscaled now, or that are being made. */
  readonly only: "ready" | "upscaling" | undefined;
  /** Films in this folder and the ones in it. */
  readonly folder: string | undefined;
  /** Films of these alone, in this order: ids of streams, or what they name their film by. */
  readonly streams: readonly string[] | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** All films of the film folders as people look through them. */
export interface Shelf extends Disposable {
  films(wanted: FilmsWanted): Promise<FilmsAnswer>;
  /** The film that comes after this stream's in its folder, as it is at this moment; undefined for the last one. */
  next(stream: string): Promise<Film | undefined>;
  posterPath(id: string): string;
  /** What can be said of a film before its stream is planned. */
  readonly expectFilm: ExpectFilm;
}

export interface ShelfParts {
  readonly index: FilmIndex;
  readonly facts: ShelfFactsKeeper;
  readonly streams: FilmStreams;
  readonly ladderOf: FilmSizes["ladderOf"];
  readonly roots: readonly string[];
  readonly outputSize: FilmSizes["outputSize"];
  readonly posterShape: FilmsAnswer["poster_shape"];
  readonly close: () => void;
}

export function createShelf(parts: ShelfParts): Shelf {
  const { index, facts, streams, roots } = parts;

  const sizeOf = (film: IndexedFilm): number =>
    (facts.known(film.id)?.glance?.width ?? 0) * (facts.known(film.id)?.glance?.height ?? 0);
  const lengthOf = (film: IndexedFilm): number =>
    facts.known(film.id)?.glance?.durationSeconds ?? 0;
  const titles = (a: IndexedFilm, b: IndexedFilm): number =>
    byTitle.compare(a.title, b.title) || byPath(a, b);
  const order: Record<FilmSort, (a: IndexedFilm, b: IndexedFilm) => number> = {
    title: titles,
    added: (a, b) => b.modifiedMs - a.modifiedMs || titles(a, b),
    year: (a, b) => (b.year ?? 0) - (a.year ?? 0) || titles(a, b),
    length: (a, b) => lengthOf(b) - lengthOf(a) || titles(a, b),
    size: (a, b) => sizeOf(b) - sizeOf(a) || titles(a, b),
  };

  async function show(film: IndexedFilm, versions: FilmVersions = []): Promise<Film> {
    const stream = playedVersion(versions);
    const found: ShelfFacts | undefined = facts.of(film);
    const glance = found?.glance ?? undefined;
    const ladder =
      glance === undefined ? undefined : await parts.ladderOf(glance).catch(() => undefined);
    // While nobody knows, it is not called large.
    const size = glance && (await parts.outputSize(glance).catch(() => glance));
    return {
      ...{ id: film.id, title: film.title, year: film.year ?? null, path: film.path },
      ...{ size_bytes: film.sizeBytes, added_ms: film.modifiedMs },
      duration_seconds: glance?.durationSeconds ?? stream?.durationSeconds ?? null,
      ...{ width: glance?.width ?? null, height: glance?.height ?? null },
      poster: found?.hasPoster === true ? posterUrl(film.id, found.posterTag) : null,
      stream: stream?.id ?? null,
      ...{ versions: versions.map(({ id }) => id), film: stream?.film ?? null },
      badge: badgeOf(found, stream, ladder, glance !== undefined && size === undefined),
    };
  }

  function select(
    films: readonly IndexedFilm[],
    { search, only, folder, streams: ids, sort }: FilmsWanted,
    made: ReadonlyMap<string, FilmVersions>,
  ): readonly IndexedFilm[] {
    const versionsOf = ({ realPath }: IndexedFilm): FilmVersions => made.get(realPath) ?? [];
    if (ids !== undefined) {
      const named = ids.flatMap((id) => films.find((film) => isOf(versionsOf(film), id)) ?? []);
      // Two versions of a film may have been watched.
      return [...new Set(named)];
    }
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    return films
      .filter((film) => {
        const text = `${film.title} ${film.year ?? ""} ${film.path}`.toLowerCase();
        const isWanted = ({ state }: FilmVersions[number]): boolean =>
          only === "ready" ? state === "complete" : isActive(state);
        return (
          words.every((word) => text.includes(word)) &&
          (folder === undefined || isInside(folder, film.path)) &&
          (only === undefined || versionsOf(film).some(isWanted))
        );
      })
      .toSorted(order[sort]);
  }

  return {
    async films(wanted) {
      const now = index.now();
      const made = await streams.now();
      const found = select(now.films, wanted, made);
      const page = found.slice(wanted.offset, wanted.offset + wanted.limit);
      const films = await Promise.all(page.map((film) => show(film, made.get(film.realPath))));
      const folder = wanted.folder ?? (roots.length === 1 ? roots[0] : undefined);
      return {
        ...{ films, total: found.length },
        folders: foldersIn(now.films, folder, roots),
        parent:
          wanted.folder === undefined || roots.includes(wanted.folder)
            ? null
            : parentOf(wanted.folder),
        ...{ is_scanning: now.isScanning, is_cut: now.isCut },
        pending: page.filter((film) => facts.known(film.id) === undefined).length,
        ...{ roots: roots.length, unreadable: [...now.unreadable] },
        poster_shape: parts.posterShape,
      };
    },
    async next(stream) {
      const film = await nextFilm(parts, stream);
      return film && show(film, (await streams.now()).get(film.realPath));
    },
    posterPath: (id) => facts.posterPath(id),
    expectFilm: createExpectFilm(parts),
    [Symbol.dispose]: parts.close,
  };
}

/** Another one for another picture: browsers keep each for ever. */
const posterUrl = (id: string, tag = "own"): string =>
  `poster/${id}?${String(new URLSearchParams({ tag }))}`;

/** `id`: that of a stream, or what streams name their film by. */
const isOf = (versions: FilmVersions, id: string): boolean =>
  versions.some((version) => version.id === id || version.film === id);

const parentOf = (folder: string): string => join(folder, "..");

/** Folders right below `folder`, or the film folders themselves, that have films anywhere in them. */
function foldersIn(
  films: readonly IndexedFilm[],
  folder: string | undefined,
  roots: readonly string[],
): FilmsAnswer["folders"] {
  const counts = new Map<string, number>();
  for (const film of films) {
    const child =
      folder === undefined
        ? roots.find((root) => isInside(root, film.path))
        : childOf(folder, film.folder);
    if (child !== undefined) counts.set(child, (counts.get(child) ?? 0) + 1);
  }
  return [...counts]
    .map(([path, count]) => ({ name: path.split(sep).at(-1) ?? path, path, films: count }))
    .toSorted((a, b) => byTitle.compare(a.name, b.name));
}

function childOf(folder: string, path: string): string | undefined {
  if (!isInside(folder, path)) return undefined;
  const [first] = relative(folder, path).split(sep);
  return first === undefined || first === "" ? undefined : join(folder, first);
}
