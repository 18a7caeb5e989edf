import type { ScanFile } from "@upreel/plugin-sdk";

/** A part of a film's sound. */
export interface Part {
  readonly start: number;
  readonly seconds: number;
}

const MOST_INTRO_SECONDS = 600;
const LEAST_INTRO_SECONDS = 120;
const EPISODE_END_SECONDS = 450;
const FILM_END_SECONDS = 900;

/** Where an intro may be: in the first quarter. Of short episodes, in the first half. */
export function introPart({ duration }: Pick<ScanFile, "duration">): Part {
  const quarter = Math.min(Math.max(duration / 4, LEAST_INTRO_SECONDS), MOST_INTRO_SECONDS);
  return { start: 0, seconds: Math.min(quarter, duration / 2) };
}

/** Where credits may be. */
export function creditsPart({ duration }: Pick<ScanFile, "duration">, isEpisode: boolean): Part {
  const longest = isEpisode ? EPISODE_END_SECONDS : FILM_END_SECONDS;
  const seconds = Math.min(longest, duration / 2);
  return { start: duration - seconds, seconds };
}
