import { useSignal, type Signal } from "@preact/signals";
import type { Film, FilmsAnswer } from "@upreel/core";
import { Icon } from "../../components/icon.tsx";
import { Problem } from "../../components/problem.tsx";
import { strings } from "../../strings.ts";
import type { StreamStore } from "../streams/stream-store.ts";
import { preferences } from "../../playback/preferences.ts";
import { FilmCard } from "./film-card.tsx";
import { FilmGrid, FilmsAwaited } from "./film-grid.tsx";
import { FilmSkeletons } from "./film-skeletons.tsx";
import { useFilms } from "./use-films.ts";
import { VersionsDialog } from "./versions-dialog.tsx";
import { FILTERS, FIRST, queryOf, SORTS, type Wanted } from "./wanted.ts";

const ROW = 12;

/** The home page: every film there is, what was watched last, and what is new. */
export function FilmsView({ store }: { readonly store: StreamStore }) {
  const wanted = useSignal(FIRST);
  const { films, reload } = useFilms(queryOf(wanted.value));
  const state = films.value;
  const names = strings.films;
  /** Whose versions are shown. */
  const opened = useSignal<Film | undefined>(undefined);
  const onVersions = (film: Film): void => void (opened.value = film);
  const isHome = wanted.value.search.trim() === "" && wanted.value.folder === undefined;
  return (
    <>
      <div class="view-head">
        <h1>{names.title}</h1>
        <Tools wanted={wanted} />
      </div>
      {state.kind === "failed" && <Problem thrown={state.thrown} onRetry={reload} />}
      {state.kind === "loading" && <FilmsAwaited shape="landscape" />}
      {state.kind === "loaded" && (
        <>
          {state.value.unreadable.length > 0 && (
            <div class="note warning" role="status">
              <div>{names.unreadable(state.value.unreadable.join(", "))}</div>
            </div>
          )}
          {isHome && wanted.value.filter === "all" && (
            <Rows answer={state.value} onVersions={onVersions} />
          )}
          <Folders answer={state.value} wanted={wanted} />
          <FilmGrid answer={state.value} {...{ wanted, onVersions }} />
        </>
      )}
      {opened.value !== undefined && (
        <VersionsDialog
          {...{ store, film: opened.value }}
          onClose={() => {
            opened.value = undefined;
            reload();
          }}
        />
      )}
    </>
  );
}

function Tools({ wanted }: { readonly wanted: Signal<Wanted> }) {
  const names = strings.films;
  const set = (part: Partial<Wanted>): void => {
    wanted.value = { ...wanted.value, pages: 1, ...part };
  };
  return (
    <div class="film-tools">
      <input
        class="input filter"
        type="search"
        placeholder={names.search}
        aria-label={names.search}
        onInput={(event) => set({ search: event.currentTarget.value })}
      />
      <select
        class="input"
        aria-label={names.filter}
        onChange={(event) => set({ filter: event.currentTarget.value as Wanted["filter"] })}
      >
        {FILTERS.map((filter) => (
          <option key={filter} value={filter} selected={filter === wanted.value.filter}>
            {names.filters[filter]}
          </option>
        ))}
      </select>
      <select
        class="input"
        aria-label={names.sort}
        onChange={(event) => set({ sort: event.currentTarget.value as Wanted["sort"] })}
      >
        {SORTS.map((sort) => (
          <option key={sort} value={sort} selected={sort === wanted.value.sort}>
            {names.sorts[sort]}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What was watched last, and what is new; rows that can be moved sideways. */
function Rows({
  answer: { total, poster_shape: shape },
  onVersions,
}: Pick<RowProps, "onVersions"> & Pick<PartProps, "answer">) {
  const left = preferences.read().places.filter(([, seconds]) => seconds > 0);
  const places = left.toReversed().slice(0, ROW);
  const ids = places.map(([id]) => id);
  const watched = useFilms(ids.length === 0 ? undefined : `streams=${ids.join(",")}&limit=${ROW}`);
  // With few films, all of them are seen at once anyway.
  const added = useFilms(total > ROW ? `sort=added&limit=${ROW}` : undefined);
  const names = strings.films;
  const both = { shape, onVersions };
  return (
    <>
      <Row
        {...{ title: names.watched, state: watched.films.value, places, ...both }}
        expected={places.length}
      />
      <Row
        {...{ title: names.added, state: added.films.value, places: [], ...both }}
        expected={total > ROW ? ROW : 0}
      />
    </>
  );
}

interface RowProps {
  readonly title: string;
  readonly state: ReturnType<typeof useFilms>["films"]["value"];
  readonly places: ReturnType<typeof preferences.read>["places"];
  /** Films that are asked for: their room is kept until they come. */
  readonly expected: number;
  readonly shape: FilmsAnswer["poster_shape"];
  readonly onVersions: (film: Film) => void;
}

function Row({ title, state, places, expected, shape, onVersions }: RowProps) {
  const films = state.kind === "loaded" ? state.value.films : [];
  const awaited = state.kind === "loading" ? expected : 0;
  if (films.length + awaited === 0) return null;
  return (
    <section class="film-section" aria-busy={awaited > 0}>
      <h2>{title}</h2>
      <ul class={`film-row ${shape}`}>
        {films.map((film) => (
          <FilmCard
            key={film.id}
            {...{ film, shape, onVersions }}
            watchedSeconds={
              places.find(([of]) => of === film.film || film.versions.includes(of))?.[1]
            }
          />
        ))}
        <FilmSkeletons count={awaited} shape={shape} />
      </ul>
    </section>
  );
}

interface PartProps {
  readonly answer: FilmsAnswer;
  readonly wanted: Signal<Wanted>;
}

function Folders({ answer, wanted }: PartProps) {
  const { folder } = wanted.value;
  const names = strings.films;
  const open = (path: string | undefined): void => {
    wanted.value = { ...wanted.value, folder: path, pages: 1 };
  };
  if (wanted.value.search.trim() !== "") return null;
  // The one folder that has everything is no choice.
  const isAll = answer.folders.every(({ films }) => films === answer.total);
  if (folder === undefined && isAll && wanted.value.filter === "all") return null;
  return (
    <nav class="film-folders" aria-label={names.folders}>
      {folder !== undefined && (
        <button type="button" class="button" onClick={() => open(answer.parent ?? undefined)}>
          <Icon name="back" />
          {names.up}
        </button>
      )}
      {answer.folders.map(({ name, path, films }) => (
        <button key={path} type="button" class="button" onClick={() => open(path)}>
          <Icon name="folder" />
          {name}
          <span class="quiet figures-text">{films}</span>
        </button>
      ))}
    </nav>
  );
}
