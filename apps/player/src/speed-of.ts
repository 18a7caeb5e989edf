import { times } from "./format.ts";
import { strings } from "./strings.ts";

/** Film seconds made in a second, with what that means for who wants to watch it meanwhile. */
export const speedOf = (speed: number): string => {
  const told = strings.streams.filmSpeed(times(speed));
  return speed < 1 ? strings.streams.tooSlow(told) : told;
};
