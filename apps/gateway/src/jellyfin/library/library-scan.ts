import { setTimeout as sleep } from "node:timers/promises";
import { toUpreelError, type StreamView } from "@upreel/core";
import { createFilmOfScan } from "./film-of-scan.ts";
import { createNights } from "./nights.ts";
import { planLibrary, type LibraryPlan } from "./plan-library.ts";
import { createPlannedFilms } from "./planned-films.ts";
import { NO_RULES, takeStep, type ScanDependencies, type StepState } from "./take-step.ts";

/** What the scan does now, in words for people. */
interface ScanState extends StepState {
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

export function startLibraryScan(deps: ScanDependencies, lookEveryMs = LOOK_EVERY_MS): LibraryScan {
  const closing = new AbortController();
  let wake = new AbortController();
  const nights = createNights({
    ...{ hours: deps.config.library.hours, dataDir: deps.config.dataDir },
    ...{ now: deps.now, log: deps.log },
  });
  const current = createFilmOfScan(deps.streams);
  const planned = createPlannedFilms(deps, closing.signal);
  let state = NO_RULES;

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      wake = new AbortController();
      try {
        state = await takeStep(deps, { nights, current, planned });
      } catch (thrown) {
        const { message } = toUpreelError(thrown);
        if (message !== state.message) deps.log.warn(`Library: ${message}`);
        state = { state: "waiting", message };
        planned.ageAtOnce();
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
      planned.ageAtOnce();
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
