import type { Signal } from "@preact/signals";
import type { Film, FilmsAnswer } from "@upreel/core";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../components/icon.tsx";
import { strings } from "../../strings.ts";
import { FilmCard } from "./film-card.tsx";
import { FilmSkeletons } from "./film-skeletons.tsx";
import { useFilms } from "./use-films.ts";
import { FIRST, PAGE, queryOf, type Wanted } from "./wanted.ts";

interface FilmGridProps {
  readonly answer: FilmsAnswer;
  readonly wanted: Signal<Wanted>;
  readonly onVersions: (film: Film) => void;
}

/** All films that match, a page after the other. */
export function FilmGrid({ answer, wanted, onVersions }: FilmGridProps) {
  const names = strings.films;
  const { films, total, poster_shape: shape, is_scanning: isScanning } = answer;
  const { pages } = wanted.value;
  if (films.length === 0)
    return <Nothing answer={answer} isHome={queryOf(wanted.value) === queryOf(FIRST)} />;
  return (
    <section class="film-section">
      <h2>
        {names.count(total)}
        {isScanning && <span class="quiet small"> {names.scanning}</span>}
      </h2>
      <ul class={`film-grid ${shape}`}>
        {films.map((film) => (
          <FilmCard key={film.id} {...{ film, shape, onVersions }} />
        ))}
        {Array.from({ length: pages - 1 }, (_, k) => {
          const query = queryOf(wanted.value, k + 1);
          const count = Math.min(PAGE, total - (k + 1) * PAGE);
          return <FurtherFilms key={query} {...{ query, count, shape, onVersions }} />;
        })}
      </ul>
      {pages * PAGE < total && (
        <MoreFilms
          key={pages}
          onMore={() => (wanted.value = { ...wanted.value, pages: pages + 1 })}
        />
      )}
    </section>
  );
}

interface FurtherFilmsProps extends Pick<FilmGridProps, "onVersions"> {
  readonly query: string;
  readonly count: number;
  readonly shape: FilmsAnswer["poster_shape"];
}

/** One more page of the grid. */
function FurtherFilms({ query, count, shape, onVersions }: FurtherFilmsProps) {
  const { films } = useFilms(query);
  const state = films.value;
  // Its place is kept meanwhile, or the end of the list would be seen, and the next page asked for.
  if (state.kind !== "loaded") return <FilmSkeletons {...{ count, shape }} />;
  return (
    <>
      {state.value.films.map((film) => (
        <FilmCard key={film.id} {...{ film, onVersions }} shape={state.value.poster_shape} />
      ))}
    </>
  );
}

/** Asks for the next page by itself when one gets there, by scrolling or by arrow keys. */
function MoreFilms({ onMore }: { readonly onMore: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const seen = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) onMore();
    });
    if (button.current !== null) seen.observe(button.current);
    return () => seen.disconnect();
  }, []);
  return (
    <button ref={button} type="button" class="button" onClick={onMore}>
      {strings.films.more}
    </button>
  );
}

function Nothing({ answer, isHome }: { readonly answer: FilmsAnswer; readonly isHome: boolean }) {
  const names = strings.films;
  if (answer.is_scanning) return <FilmsAwaited shape={answer.poster_shape} />;
  if (!isHome) return <p class="quiet">{names.noneMatch}</p>;
  return (
    <div class="card empty">
      <Icon name="film" />
      <h2>{names.emptyTitle}</h2>
      <p class="quiet">{answer.roots === 0 ? names.noRoots : names.emptyText}</p>
    </div>
  );
}

/** Before anything is known of the films. */
export const FilmsAwaited = ({ shape }: Pick<FurtherFilmsProps, "shape">) => (
  <ul class="film-grid" aria-busy="true" aria-label={strings.loading}>
    <FilmSkeletons count={12} shape={shape} />
  </ul>
);
