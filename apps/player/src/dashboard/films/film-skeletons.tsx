import type { FilmsAnswer } from "@upreel/core";

/** In place of films that are not known yet: as large as their cards, so that those move nothing when they come. */
export function FilmSkeletons({
  count,
  shape,
}: {
  readonly count: number;
  readonly shape: FilmsAnswer["poster_shape"];
}) {
  return (
    <>
      {Array.from({ length: count }, (_, k) => (
        <li key={k} class={`film-skeleton ${shape}`} aria-hidden="true">
          <span class="film-poster skeleton" />
          <b class="film-name">{"\u00a0"}</b>
          <span class="film-facts small" />
          <span class="film-badge small">{"\u00a0"}</span>
        </li>
      ))}
    </>
  );
}
