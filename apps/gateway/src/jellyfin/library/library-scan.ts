import { setTimeout as sleep } from "node:timers/promises";
import { toUpreelError, type StreamView, type Log } from "@upreel/core";
import { startJellyfinFilm } from "../played-films.ts";
import { createFilmOfScan } from "./film-of-scan.ts";
import { createNights } from "./nights.ts";
import {
  planLibrary,
  type LibraryPlan,
  type PlanDependencies,
  type PlannedFilm,
} from "./plan-library.ts";

export interface ScanDependencies extends PlanDependencies {
  readonly log: Log;
  readonly now: () => Date;
  readonly freeBytes: () => Promise<number>;
  /** Whether anybody plays anything in Jellyfin or here. */
  readonly isAnyonePlaying: () => boolean;
}

/** What the scan does now, in words for people. */
interface ScanState {
  readonly state: "off" | "waiting" | "working" | "paused";
  readonly message: string;
  readonly current: StreamView | undefined;
  /** Films begun in this night. */
  readonly begun: number;
}

/** Makes the films of `LIBRARY_RULES` in `LIBRARY_HOURS`, one after the other, while nobody plays. */
export interface LibraryScan extends AsyncDisposable {
  state(): ScanState;
  plan(): Promise<LibraryPlan>;
  /** The library has changed: it is asked for again. */
  look(): void;
  /** Begins now, whatever the hours; ends when the films of one night are made. */
  start(): void;
  /** Pauses what is being made and waits for the next night. */
  stop(): void;
}

const LOOK_EVERY_MS = 5_000;
/** New items come by asking again: Jellyfin's own message may be an hour late. */
const PLAN_AGAIN_MS = 10 * 60_000;

export function startLibraryScan(deps: ScanDependencies, lookEveryMs = LOOK_EVERY_MS): LibraryScan {
  const { config, streams, log } = deps;
  const { rules, hours, itemsPerNight, minFreeBytes } = config.library;
  const closing = new AbortController();
  let wake = new AbortController();
  const nights = createNights(hours, deps.now);
  const current = createFilmOfScan(streams);
  let left: readonly PlannedFilm[] = [];
  let plannedAtMs = -Infinity;
  let state: Omit<ScanState, "current" | "begun"> = {
    state: "off",
    message: "LIBRARY_RULES is not set",
  };

  function planAnew(): void {
    plannedAtMs = -Infinity;
    left = [];
  }

  async function nextFilm(): Promise<PlannedFilm | undefined> {
    const nowMs = deps.now().getTime();
    if (left.length === 0 && nowMs - plannedAtMs >= PLAN_AGAIN_MS) {
      plannedAtMs = nowMs;
      left = (await planLibrary(deps, closing.signal)).films;
    }
    const [film, ...others] = left;
    left = others;
    return film;
  }

  async function look(): Promise<typeof state> {
    if (rules.length === 0) return { state: "off", message: "LIBRARY_RULES is not set" };
    const tonight = nights.current(planAnew);
    if (tonight === undefined) {
      await current.pause();
      return { state: "waiting", message: "waiting for the time set in LIBRARY_HOURS" };
    }
    if (deps.isAnyonePlaying()) {
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
    const film = await nextFilm();
    if (film === undefined) {
      nights.endByHand();
      return { state: "waiting", message: "every film that the rules ask for is ready" };
    }
    const begun = await beginFilm(deps, film);
    if (begun !== undefined) {
      current.begin(begun);
      tonight.begun += 1;
    }
    return { state: "working", message: "a film is being upscaled" };
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      wake = new AbortController();
      try {
        state = await look();
      } catch (thrown) {
        const { message } = toUpreelError(thrown);
        if (message !== state.message) log.warn(`Library: ${message}`);
        state = { state: "waiting", message };
        plannedAtMs = -Infinity;
      }
      const signal = AbortSignal.any([closing.signal, wake.signal]);
      await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    state: () => ({ ...state, current: current.status(), begun: nights.begun() }),
    plan: () => planLibrary(deps, closing.signal),
    look() {
      plannedAtMs = -Infinity;
      wake.abort();
    },
    start() {
      nights.start();
      wake.abort();
    },
    stop() {
      nights.stop();
      wake.abort();
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
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
