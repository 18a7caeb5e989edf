import type { StreamState, StreamStatus } from "@upreel/core";
import { isMovable } from "../../stream/actions.ts";
import type { StreamStore } from "./stream-store.ts";

type Grouped = Pick<StreamStatus, "id" | "film" | "wanted_at">;

/**
 * The ids of streams by film: films in the order of the first stream of each, the versions of one as they were started, so
 * that none moves while it is made.
 */
export function groupByFilm(streams: readonly Grouped[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, Grouped[]>();
  for (const stream of streams) {
    const versions = groups.get(stream.film);
    if (versions === undefined) groups.set(stream.film, [stream]);
    else versions.push(stream);
  }
  return new Map(
    [...groups].map(([film, versions]) => [film, versions.toSorted(byStart).map(({ id }) => id)]),
  );
}

/** The states by which films are counted: a film counts for the first of them that one of its versions is in. */
const STEPS = [
  ["running", "starting"],
  ["queued"],
  ["complete"],
  ["failed"],
] as const satisfies readonly (readonly StreamState[])[];

/** How many films are upscaled, wait, are ready and have failed; each counts once, whatever its versions do. */
export function countFilms(films: readonly (readonly StreamState[])[]): readonly number[] {
  const steps = films.map((states) =>
    STEPS.findIndex((step) => states.some((state) => step.some((each) => each === state))),
  );
  return STEPS.map((_, k) => steps.filter((step) => step === k).length);
}

/** The streams of a film that wait in the queue, in the order in which they do. */
export function movableIn(
  store: Pick<StreamStore, "ids" | "versions">,
  film: string,
): readonly string[] {
  const movable = store
    .versions(film)
    .map(({ status }) => status.peek())
    .filter(isMovable)
    .map(({ id }) => id);
  return movable.length < 2 ? movable : store.ids.peek().filter((id) => movable.includes(id));
}

const byStart = (a: Grouped, b: Grouped): number =>
  (a.wanted_at ?? 0) - (b.wanted_at ?? 0) || (a.id < b.id ? -1 : 1);
