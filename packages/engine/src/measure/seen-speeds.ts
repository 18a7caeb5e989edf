import type { OutputSize, Rung, Timeline } from "@upreel/core";
import type { Ladder } from "@upreel/streams";
import type { KeptSpeeds } from "./kept-speeds.ts";

/** A ladder as fast as all that makes the film: this machine as it was seen, and the others. */
export type SeenSpeeds = (
  ladder: Ladder,
  output: OutputSize,
  timeline: Pick<Timeline, "rate">,
) => Ladder;

export function seenSpeeds({
  speeds,
  speedElsewhere,
  onlyOthers,
}: {
  readonly speeds: Pick<KeptSpeeds, "apply">;
  /** Film seconds a second that other machines add, as far as is known. */
  readonly speedElsewhere: (
    rung: Rung,
    output: OutputSize,
    timeline: Pick<Timeline, "rate">,
  ) => number;
  /** This machine makes nothing itself. */
  readonly onlyOthers: boolean;
}): SeenSpeeds {
  return (ladder, output, timeline) => {
    const here = speeds.apply(ladder, output, timeline);
    const more = (rung: Rung): number => speedElsewhere(rung, output, timeline);
    return onlyOthers ? byOthers(here, more) : withOthers(here, more);
  };
}

/** The ladder of a film that only other machines make: its speeds are theirs, and not known as long as none is connected. */
const byOthers = (ladder: Ladder, speedElsewhere: (rung: Rung) => number): Ladder =>
  ladder.map((each) => ({ ...each, expectedSpeed: speedElsewhere(each.rung) || undefined }));

/** A film that several machines make is as fast as all of them. */
const withOthers = (ladder: Ladder, speedElsewhere: (rung: Rung) => number): Ladder =>
  ladder.map((each) => {
    const more = speedElsewhere(each.rung);
    return more === 0 ? each : { ...each, expectedSpeed: (each.expectedSpeed ?? 0) + more };
  });
