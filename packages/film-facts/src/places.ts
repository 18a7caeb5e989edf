import { durationSeconds, filmPartAt } from "@upreel/core";
import { partInput, type TimedSource } from "@upreel/media";

/** Evenly over the film: more tell little more and cost as much again. */
const PLACES = 8;

/** A stretch of the film. */
export interface Place {
  readonly fromSeconds: number;
  readonly seconds: number;
}

/** Stretches of so many seconds, evenly over the film; all of one that is not much longer. */
export function placesOf(film: TimedSource, seconds: number): readonly Place[] {
  const whole = durationSeconds(film);
  if (whole <= PLACES * seconds) return [{ fromSeconds: 0, seconds: whole }];
  const at = Array.from({ length: PLACES }, (_, n) => ((n + 0.5) / PLACES) * whole);
  return at.map((middle) => ({ fromSeconds: middle - seconds / 2, seconds }));
}

/** ffmpeg arguments that open a stretch of the film. */
export const placeInput = (
  film: TimedSource,
  { fromSeconds, seconds }: Place,
  ...options: readonly string[]
): readonly string[] =>
  partInput(film.source, filmPartAt(film, fromSeconds), {
    fromSeconds,
    options: ["-t", seconds.toFixed(3), ...options],
  });
