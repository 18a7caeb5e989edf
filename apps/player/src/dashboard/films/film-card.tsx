import { useSignal } from "@preact/signals";
import type { Film, FilmsAnswer } from "@upreel/core";
import { useMemo } from "preact/hooks";
import { explain, urlOf } from "../../api/gateway.ts";
import { Icon } from "../../components/icon.tsx";
import { factLine, pictureSize, span } from "../../format.ts";
import { strings } from "../../strings.ts";
import { badgeText } from "./badge-text.ts";
import { expectingFilm } from "./expect-film.ts";
import { startFilm } from "../../api/start-film.ts";

interface FilmCardProps {
  readonly film: Film;
  readonly shape: FilmsAnswer["poster_shape"];
  /** How far it was watched, in seconds. */
  readonly watchedSeconds?: number | undefined;
  /** Shows the versions of a film that has several. */
  readonly onVersions: (film: Film) => void;
}

/** One film of the shelf; a click plays it. */
export function FilmCard({ film, shape, watchedSeconds, onVersions }: FilmCardProps) {
  const isStarting = useSignal(false);
  const problem = useSignal("");
  const badge = badgeText(film.badge);
  const total = film.duration_seconds;
  const facts = [
    film.year === null ? undefined : String(film.year),
    total === null ? undefined : span(total),
    film.width === null ? undefined : pictureSize(film.width, film.height),
  ].filter((fact) => fact !== undefined);
  const play = async (event: Event): Promise<void> => {
    if (film.stream !== null) return;
    event.preventDefault();
    if (isStarting.value) return;
    isStarting.value = true;
    problem.value = "";
    try {
      const { id } = await startFilm(film);
      location.assign(urlOf(`watch/${id}`));
    } catch (thrown) {
      problem.value = explain(thrown).sentence;
    }
    isStarting.value = false;
  };
  const count = strings.streams.versions.count(film.versions.length);
  const expecting = useMemo(() => expectingFilm(film.path), [film.path]);
  return (
    <li class="film">
      <a
        {...(film.stream === null ? expecting : {})}
        class={`film-link ${shape}`}
        href={film.stream === null ? "#/films" : urlOf(`watch/${film.stream}`)}
        onClick={(event) => void play(event)}
      >
        <span class="film-poster">
          {film.poster === null ? (
            <Icon name="film" />
          ) : (
            <img src={urlOf(film.poster)} alt="" loading="lazy" decoding="async" />
          )}
          <span class="film-play">
            {isStarting.value ? <span class="spinner" /> : <Icon name="play" />}
          </span>
          {watchedSeconds !== undefined && total !== null && total > 0 && (
            <span class="film-watched">
              <i style={{ width: `${Math.min(100, (100 * watchedSeconds) / total)}%` }} />
            </span>
          )}
        </span>
        <b class="film-name" title={film.title}>
          {film.title}
        </b>
        <span class="film-facts quiet small figures-text">{factLine(facts)}</span>
        {badge !== undefined && <span class={`film-badge small ${badge.tone}`}>{badge.text}</span>}
        {badge?.hint !== undefined && <span class="quiet small">{badge.hint}</span>}
      </a>
      {film.versions.length > 1 && (
        <button
          type="button"
          class="button bare film-versions"
          aria-label={`${count}: ${film.title}`}
          aria-haspopup="dialog"
          onClick={() => onVersions(film)}
        >
          {count}
        </button>
      )}
      {problem.value !== "" && (
        <p class="small bad-text" role="alert">
          {problem.value}
        </p>
      )}
    </li>
  );
}
