import { setTimeout as sleep } from "node:timers/promises";
import { toUpreelError, type StreamView, type Log } from "@upreel/core";
import { nightOf } from "../../config/hours.ts";
import { startJellyfinFilm } from "../played-films.ts";
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

interface Night {
  /** Of a start by hand: `by hand`. */
  readonly name: string;
  begun: number;
}

export function startLibraryScan(deps: ScanDependencies, lookEveryMs = LOOK_EVERY_MS): LibraryScan {
  const { config, streams, log } = deps;
  const { rules, hours, itemsPerNight, minFreeBytes } = config.library;
  const closing = new AbortController();
  let wake = new AbortController();
  let byHand = false;
  /** The night that was stopped by hand. */
  let stopped: string | undefined;
  let night: Night | undefined;
  let current: { readonly id: string; isPausedByScan: boolean } | undefined;
  let left: readonly PlannedFilm[] = [];
  let plannedAtMs = -Infinity;
  let state: Omit<ScanState, "current" | "begun"> = {
    state: "off",
    message: "LIBRARY_RULES is not set",
  };

  const statusOfCurrent = (): StreamView | undefined => current && streams.get(current.id);

  /** Whose night it is; `undefined` when nothing may be made. */
  function currentNight(): Night | undefined {
    const name = byHand ? "by hand" : nightOf(hours, deps.now());
    if (name === undefined || name === stopped) return undefined;
    if (night?.name !== name) {
      night = { name, begun: 0 };
      plannedAtMs = -Infinity;
      left = [];
    }
    return night;
  }

  async function pauseCurrent(): Promise<void> {
    const status = statusOfCurrent();
    if (current === undefined || status === undefined) return;
    // Somebody watches just this film: it is his now.
    if (status.viewers > 0) return;
    if (status.state !== "running" && status.state !== "starting" && status.state !== "queued")
      return;
    current.isPausedByScan = true;
    await streams.pause(status.id);
  }

  /** True while there is a film to wait for. */
  async function goOnWithCurrent(): Promise<boolean> {
    const status = statusOfCurrent();
    if (current === undefined || status === undefined || isOver(status)) {
      current = undefined;
      return false;
    }
    if (status.state === "paused" && current.isPausedByScan) {
      current.isPausedByScan = false;
      await streams.resume(status.id);
    }
    return true;
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
    const tonight = currentNight();
    if (tonight === undefined) {
      await pauseCurrent();
      return { state: "waiting", message: "waiting for the time set in LIBRARY_HOURS" };
    }
    if (deps.isAnyonePlaying()) {
      await pauseCurrent();
      return { state: "paused", message: "paused while somebody watches a film" };
    }
    if (await goOnWithCurrent()) return { state: "working", message: "a film is being upscaled" };
    if (tonight.begun >= itemsPerNight) {
      byHand = false;
      return {
        state: "waiting",
        message: `${itemsPerNight} films were started tonight, as many as LIBRARY_ITEMS allows`,
      };
    }
    const free = await deps.freeBytes();
    if (free < minFreeBytes)
      return {
        state: "waiting",
        message: `only ${(free / 1e9).toFixed(1)} GB are free in ${config.dataDir}, LIBRARY_MIN_FREE_GB is ${minFreeBytes / 1e9}`,
      };
    const film = await nextFilm();
    if (film === undefined) {
      byHand = false;
      return { state: "waiting", message: "every film that the rules ask for is ready" };
    }
    return begin(film, tonight);
  }

  async function begin(film: PlannedFilm, tonight: Night): Promise<typeof state> {
    try {
      const started = await startJellyfinFilm(deps, { ...film, priority: "background" });
      if (started.kind === "stream") {
        current = { id: started.id, isPausedByScan: false };
        tonight.begun += 1;
        log.info(`Library: ${film.title} (${film.why})`);
      }
    } catch (thrown) {
      log.warn(`Library: ${film.title} is skipped: ${toUpreelError(thrown).message}`);
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
    state: () => ({ ...state, current: statusOfCurrent(), begun: night?.begun ?? 0 }),
    plan: () => planLibrary(deps, closing.signal),
    look() {
      plannedAtMs = -Infinity;
      wake.abort();
    },
    start() {
      byHand = true;
      stopped = undefined;
      if (night?.name === "by hand") night = undefined;
      wake.abort();
    },
    stop() {
      byHand = false;
      stopped = nightOf(hours, deps.now());
      wake.abort();
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}

const isOver = ({ state }: StreamView): boolean =>
  state === "complete" || state === "failed" || state === "cancelled";
