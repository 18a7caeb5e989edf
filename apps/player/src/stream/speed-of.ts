import type { StreamStatus } from "@upreel/core";
import { times } from "../format.ts";
import { strings } from "../strings.ts";

type Figures = Pick<StreamStatus, "speed" | "ratio"> &
  Partial<Pick<StreamStatus, "lead_seconds" | "eta_seconds">>;

/** Film seconds made in a second, with what that means for who wants to watch what is not made yet. */
export function speedOf(figures: Figures): string {
  const told = strings.streams.filmSpeed(times(figures.speed));
  return figures.speed < 1 && figures.ratio < 1 && !isAheadToTheEnd(figures)
    ? strings.streams.tooSlow(told)
    : told;
}

/** Whether so much is ready that the rest is made before a viewer comes to it, although that is slower than the film. */
const isAheadToTheEnd = ({ speed, lead_seconds: lead = 0, eta_seconds: left }: Figures): boolean =>
  left !== null && left !== undefined && left * (1 - speed) <= lead;
