import type { FilmChoice } from "@upreel/core";
import { strings } from "../strings.ts";

/** Of the ways to make a film, those that people choose from. */
export const SHOWN_CHOICES: readonly string[] = ["auto", "fast", "balanced", "best"];

interface Words {
  readonly span: (seconds: number) => string;
  readonly times: (factor: number) => string;
}

/** What one way gives, how fast it is, and what it takes: `1920×1080 · 1.40× film speed · can be watched now`. */
export function choiceText(
  { width, height, expected_speed: speed, making_seconds: seconds, is_live: isLive }: FilmChoice,
  { span, times }: Words,
): string {
  const names = strings.choices;
  return [
    `${width}×${height}`,
    speed === null ? names.notMeasured : strings.streams.filmSpeed(times(speed)),
    ...(isLive === null ? [] : [isLive ? names.live : names.notLive]),
    ...(seconds === null ? [] : [names.takes(span(seconds))]),
  ].join(" · ");
}
