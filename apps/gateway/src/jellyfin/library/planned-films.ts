import { planLibrary, type PlanDependencies, type PlannedFilm } from "./plan-library.ts";

/** New items come by asking again: Jellyfin's own message may be an hour late. */
const PLAN_AGAIN_MS = 10 * 60_000;

/** The films that the rules ask for, one after the other; planned again when none is left. */
export interface PlannedFilms {
  next(): Promise<PlannedFilm | undefined>;
  /** The next plan need not wait for its time. */
  ageAtOnce(): void;
  /** What is left is not meant any more. */
  forget(): void;
}

export function createPlannedFilms(
  deps: PlanDependencies & { readonly now: () => Date },
  signal: AbortSignal,
): PlannedFilms {
  let left: readonly PlannedFilm[] = [];
  let plannedAtMs = -Infinity;
  return {
    async next() {
      const nowMs = deps.now().getTime();
      if (left.length === 0 && nowMs - plannedAtMs >= PLAN_AGAIN_MS) {
        plannedAtMs = nowMs;
        left = (await planLibrary(deps, signal)).films;
      }
      const [film, ...others] = left;
      left = others;
      return film;
    },
    ageAtOnce() {
      plannedAtMs = -Infinity;
    },
    forget() {
      plannedAtMs = -Infinity;
      left = [];
    },
  };
}
