import type { Timeline } from "@upreel/core";
import { frameOfPicture, lostPictures } from "../lost-pictures.ts";
import type { TrackLog } from "../packet-index/track-log.ts";

/** A rate is chosen so that no more than one picture in two thousand shares its frame with another. */
const TOLERATED_SHARE = 1 / 500;

/**
 * Pictures of the source that are in no frame of the film, of how many; undefined: so few that it is
 * what the film's rate allows.
 */
export function picturesLeftOut(
  { fragments, pictures }: Pick<TrackLog, "fragments" | "pictures">,
  timeline: Timeline,
): { readonly lost: number; readonly pictures: number } | undefined {
  const { rate, zeroMicros, frameCount } = timeline;
  const runs = fragments.map(({ firstPicture, packets }, n) => ({
    times: pictures.slice(firstPicture, firstPicture + packets).sort(),
    zeroMicros: n === 0 ? zeroMicros : undefined,
  }));
  const [only, more] = runs;
  // Where the clock jumps, pieces say what lies behind what.
  const behind =
    only === undefined || more !== undefined
      ? 0
      : only.times.filter((time) => frameOfPicture(time, zeroMicros, rate) >= frameCount).length;
  const lost = lostPictures(runs, rate) + behind;
  const isTolerated = lost <= Math.max(2, pictures.length * TOLERATED_SHARE);
  return isTolerated ? undefined : { lost, pictures: pictures.length };
}
