import type { ScanFile } from "@upreel/plugin-sdk";
import type { Span } from "./span.ts";

const MOST_INTRO_SECONDS = 600;
const LEAST_INTRO_SECONDS = 120;
const EPISODE_END_SECONDS = 450;
const FILM_END_SECONDS = 900;

/** Where an intro may be: in the first quarter. Of short episodes, in the first half. */
export function introPart({ duration }: Pick<ScanFile, "duration">): Span {
  const quarter = Math.min(Math.max(duration / 4, LEAST_INTRO_SECONDS), MOST_INTRO_SECONDS);
  return { start: 0, end: Math.min(quarter, duration / 2) };
}

/** Where credits may be. */
export function creditsPart({ duration }: Pick<ScanFile, "duration">, isEpisode: boolean): Span {
  const longest = isEpisode ? EPISODE_END_SECONDS : FILM_END_SECONDS;
  return { start: duration - Math.min(longest, duration / 2), end: duration };
}
