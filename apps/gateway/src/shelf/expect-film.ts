import { setTimeout as after } from "node:timers/promises";
import { shownSpeed, told, type Expectation, type FilmWish } from "@upreel/core";
import type { FilmSizes } from "@upreel/engine";
import type { ShelfFactsKeeper } from "./shelf-facts.ts";
import type { FilmIndex } from "./film-index.ts";

/** Nobody begins before the first segment is there. */
const FIRST_LEAD_SECONDS = 2;

/** A trigger waits no longer for it: just after a start, encoders are still being tried. */
const WITHIN_MS = 20;

/** What can be said of a film before its stream is planned. */
export type ExpectFilm = (path: string, wish: FilmWish) => Promise<Expectation | undefined>;

/**
 * Whether a film that the shelf has looked into can be watched while it is made: answered from memory. Undefined where
 * that is not known, or not at once.
 */
export function createExpectFilm({
  index,
  facts,
  ladderOf,
}: {
  readonly index: Pick<FilmIndex, "now">;
  readonly facts: Pick<ShelfFactsKeeper, "known">;
  readonly ladderOf: FilmSizes["ladderOf"];
}): ExpectFilm {
  return async (path, wish) => {
    const film = index.now().films.find((each) => each.path === path || each.realPath === path);
    const glance = film && facts.known(film.id)?.glance;
    if (glance === undefined || glance === null) return undefined;
    const known = ladderOf(glance, wish).catch(() => []);
    const ladder = await Promise.race([known, after(WITHIN_MS, [])]);
    const speeds = ladder
      .filter(({ rung }) => rung.model.kind !== "copy")
      .flatMap(({ expectedSpeed }) => expectedSpeed ?? []);
    if (speeds.length === 0) return undefined;
    const fastest = Math.max(...speeds);
    // The best that keeps up is what its viewer gets.
    const taken = speeds.find((speed) => speed >= 1) ?? fastest;
    const expectedSpeed = Math.round(taken * 100) / 100;
    const speed = shownSpeed(taken);
    return taken >= 1
      ? {
          ...{ expectedSpeed, firstStallSeconds: undefined, advice: "upscaled" },
          adviceTold: told("advice_should_live", { speed }),
        }
      : {
          ...{ expectedSpeed, advice: "original" },
          firstStallSeconds: Math.round(FIRST_LEAD_SECONDS / (1 - taken)),
          adviceTold: told("advice_should_slow", { speed }),
        };
  };
}
