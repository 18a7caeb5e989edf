import {
  durationSeconds,
  segmentSeconds,
  shownSpeed,
  told,
  type Expectation,
  type Timeline,
  type Told,
} from "@upreel/core";
import { watchedSpeed } from "./choose-level.ts";
import type { Plan } from "./ports.ts";
import { networksIn } from "./rungs.ts";

export interface ExpectationView {
  readonly timeline: Timeline | undefined;
  /**
   * Film seconds a second by rung, best first: predicted, then measured. Without the plain scaler where
   * there are networks: it helps over a dip, but a whole film of it is no upscale.
   */
  readonly speeds: readonly (number | undefined)[];
  /** Where the viewer with the least lead is; 0 before anyone watches. */
  readonly playheadSeconds: number;
  /** Seconds ready beyond that. */
  readonly leadSeconds: number;
  readonly isComplete: boolean;
}

const UNKNOWN: Expectation = {
  expectedSpeed: undefined,
  firstStallSeconds: undefined,
  advice: undefined,
  adviceTold: undefined,
};

/**
 * What a viewer can expect who plays from now on: with a lead L at a speed s < 1 the film runs dry
 * after L ÷ (1 − s) seconds. The speed is that of the rung which a watched stream takes.
 */
export function expectationOf(view: ExpectationView): Expectation {
  const { timeline, speeds, leadSeconds } = view;
  if (timeline === undefined) return UNKNOWN;
  const speed = speeds.length === 0 ? undefined : watchedSpeed(speeds);
  if (view.isComplete) return good(speed, told("advice_ready"));
  if (speed === undefined) return UNKNOWN;
  const shown = shownSpeed(speed);
  if (speed >= 1) return good(speed, told("advice_live", { speed: shown }));
  // Nobody begins before the first segment is there.
  const lead = Math.max(leadSeconds, segmentSeconds(timeline, 0));
  const stallSeconds = Math.round(lead / (1 - speed));
  if (stallSeconds >= durationSeconds(timeline) - view.playheadSeconds)
    return good(speed, told("advice_enough", { speed: shown }));
  return {
    expectedSpeed: round(speed),
    firstStallSeconds: stallSeconds,
    advice: "original",
    adviceTold: told("advice_slow", { speed: shown, seconds: stallSeconds }),
  };
}

/** The same of a film that nobody upscales now, by its plan and what is made of it. */
export function foresee(
  { timeline, ladder }: Pick<Plan, "timeline" | "ladder">,
  made: Pick<ExpectationView, "playheadSeconds" | "leadSeconds" | "isComplete">,
): Expectation {
  const speeds = ladder.slice(0, networksIn(ladder)).map(({ expectedSpeed }) => expectedSpeed);
  return expectationOf({ timeline, speeds, ...made });
}

const good = (speed: number | undefined, adviceTold: Told): Expectation => ({
  expectedSpeed: speed === undefined ? undefined : round(speed),
  firstStallSeconds: undefined,
  advice: "upscaled",
  adviceTold,
});

const round = (value: number): number => Math.round(value * 100) / 100;
