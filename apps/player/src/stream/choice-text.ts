import type { FilmChoice } from "@upreel/core";
import { bytes, factLine, pictureSize, span, times } from "../format.ts";
import { strings } from "../strings.ts";

/** Of the ways to make a film, those that people choose from. */
export const SHOWN_CHOICES: readonly string[] = ["auto", "fast", "balanced", "best"];

/** What one way gives, how fast it is, and what it takes: `1920×1080 · 1.40× film speed · can be watched now · …`. */
export function choiceText({
  width,
  height,
  expected_speed: speed,
  making_seconds: seconds,
  is_live: isLive,
  disk_bytes: diskBytes,
}: FilmChoice): string {
  const names = strings.choices;
  return factLine([
    pictureSize(width, height),
    speed === null ? names.notMeasured : strings.streams.filmSpeed(times(speed)),
    ...(isLive === null ? [] : [isLive ? names.live : names.notLive]),
    ...(seconds === null ? [] : [names.takes(span(seconds))]),
    names.onDisk(bytes(diskBytes)),
  ]);
}
