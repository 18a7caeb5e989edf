import { durationSeconds, segmentSeconds, type Expectation, type Timeline } from "@upreel/core";
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
  adviceText: undefined,
};

/**
 * What a viewer can expect who plays from now on: with a lead L at a speed s < 1 the film runs dry
 * after L ÷ (1 − s) seconds. The speed is that of the rung which a watched stream takes.
 */
export function expectationOf(view: ExpectationView): Expectation {
  const { timeline, speeds, leadSeconds } = view;
  if (timeline === undefined) return UNKNOWN;
  const speed = speeds.length === 0 ? undefined : watchedSpeed(speeds);
  if (view.isComplete) return good(speed, "The film is ready.");
  if (speed === undefined) return UNKNOWN;
  const shown = speed.toFixed(1);
  if (speed >= 1) return good(speed, `It is upscaled at ${shown}× film speed.`);
  // Nobody begins before the first segment is there.
  const lead = Math.max(leadSeconds, segmentSeconds(timeline, 0));
  const stallSeconds = Math.round(lead / (1 - speed));
  if (stallSeconds >= durationSeconds(timeline) - view.playheadSeconds) {
    return good(speed, `Enough of it is upscaled already, though only at ${shown}× film speed.`);
  }
  return {
    expectedSpeed: round(speed),
    firstStallSeconds: stallSeconds,
    advice: "original",
    adviceText:
      `Too slow to watch live: this computer upscales it at ${shown}× film speed, and playback would stop after about ` +
      `${stallSeconds} s. Once it is ready, it plays without a break.`,
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

const good = (speed: number | undefined, text: string): Expectation => ({
  expectedSpeed: speed === undefined ? undefined : round(speed),
  firstStallSeconds: undefined,
  advice: "upscaled",
  adviceText: text,
});

const round = (value: number): number => Math.round(value * 100) / 100;
