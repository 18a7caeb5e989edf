import { toUpreelError, type Log } from "@upreel/core";
import { startJellyfinFilm } from "../played-films.ts";
import type { createFilmOfScan } from "./film-of-scan.ts";
import type { createNights } from "./nights.ts";
import type { PlanDependencies, PlannedFilm } from "./plan-library.ts";
import type { PlannedFilms } from "./planned-films.ts";

export interface ScanDependencies extends PlanDependencies {
  readonly log: Log;
  readonly now: () => Date;
  readonly freeBytes: () => Promise<number>;
  /** Whether anybody plays anything in Jellyfin or here. */
  readonly isAnyonePlaying: () => Promise<boolean>;
  /** Whether no other gateway makes the films of the night. */
  readonly leads: () => boolean;
}

/** What the scan does now, in words for people. */
export interface StepState {
  readonly state: "off" | "waiting" | "working" | "paused";
  readonly message: string;
}

interface StepParts {
  readonly nights: ReturnType<typeof createNights>;
  readonly current: ReturnType<typeof createFilmOfScan>;
  readonly planned: PlannedFilms;
}

const ANOTHER_DOES: StepState = {
  state: "waiting",
  message: "another gateway makes the films of the library",
};

export const NO_RULES: StepState = { state: "off", message: "LIBRARY_RULES is not set" };

/** Looks what may be made now, and has it made. */
export async function takeStep(
  deps: ScanDependencies,
  { nights, current, planned }: StepParts,
): Promise<StepState> {
  const { config } = deps;
  const { rules, itemsPerNight, minFreeBytes } = config.library;
  if (rules.length === 0) return NO_RULES;
  if (!deps.leads()) {
    nights.forget();
    return ANOTHER_DOES;
  }
  const tonight = await nights.current(() => planned.forget());
  if (tonight === undefined) {
    await current.pause();
    return { state: "waiting", message: "waiting for the time set in LIBRARY_HOURS" };
  }
  if (await deps.isAnyonePlaying()) {
    await current.pause();
    return { state: "paused", message: "paused while somebody watches a film" };
  }
  if (await current.goOn()) return { state: "working", message: "a film is being upscaled" };
  if (tonight.begun >= itemsPerNight) {
    nights.endByHand();
    return {
      state: "waiting",
      message: `${itemsPerNight} films were started tonight, as many as LIBRARY_ITEMS allows`,
    };
  }
  const free = await deps.freeBytes();
  if (free < minFreeBytes) return { state: "waiting", message: tooFull(free, config) };
  const film = await planned.next();
  if (film === undefined) {
    nights.endByHand();
    return { state: "waiting", message: "every film that the rules ask for is ready" };
  }
  const begun = await beginFilm(deps, film);
  if (begun !== undefined) {
    current.begin(begun);
    await nights.count(tonight);
  }
  return { state: "working", message: "a film is being upscaled" };
}

/** The id of its stream; undefined when it is left alone, or cannot be begun. */
async function beginFilm(deps: ScanDependencies, film: PlannedFilm): Promise<string | undefined> {
  const { log } = deps;
  try {
    const started = await startJellyfinFilm(deps, { ...film, priority: "background" });
    if (started.kind !== "stream") return undefined;
    log.info(`Library: ${film.title} (${film.why})`);
    return started.id;
  } catch (thrown) {
    log.warn(`Library: ${film.title} is skipped: ${toUpreelError(thrown).message}`);
    return undefined;
  }
}

const tooFull = (free: number, { dataDir, library }: ScanDependencies["config"]): string =>
  `only ${(free / 1e9).toFixed(1)} GB are free in ${dataDir}, LIBRARY_MIN_FREE_GB is ${library.minFreeBytes / 1e9}`;
