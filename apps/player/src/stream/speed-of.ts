import type { StreamStatus } from "@upreel/core";
import { times } from "../format.ts";
import { strings } from "../strings.ts";

/** Film seconds made in a second, with what that means for who wants to watch what is not made yet. */
export function speedOf({ speed, ratio }: Pick<StreamStatus, "speed" | "ratio">): string {
  const told = strings.streams.filmSpeed(times(speed));
  return speed < 1 && ratio < 1 ? strings.streams.tooSlow(told) : told;
}
