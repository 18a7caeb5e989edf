import { PTS_PER_SECOND, type Reason } from "@upreel/core";
import { ticksBetween, type SoundSpan } from "../transport-stream/sound-log.ts";

/** Where sound has to play. */
export interface ExpectedSound {
  readonly fromPts90k: number;
  readonly toPts90k: number;
  /** Of the film: copied sound may begin a little late there, or end early. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/**
 * A packet belongs to the segment in which it begins, so one is missing at most at either end, and one
 * more where packets and key frame were written at the same time.
 */
const EDGE_PACKETS = 2;
/** What copied sound may lack at both ends of a film. */
const FILM_EDGE_TICKS = 9_000;
/** So short a segment may lie within one packet of the segment before. */
const SHORTEST_PACKETS = 3;

/**
 * Why the sound of a segment does not play from its start to its end; undefined if it does.
 * `earlyTicks`: how long before they are shown pictures are written; the sound of that time lies in the next segment.
 */
export function checkSound(
  sound: SoundSpan | undefined,
  { fromPts90k, toPts90k, isFirst, isLast }: ExpectedSound,
  earlyTicks: number,
): Reason | undefined {
  const ticks = ticksBetween(fromPts90k, toPts90k);
  if (sound === undefined) {
    return ticks <= SHORTEST_PACKETS * LONGEST_PACKET_TICKS ? undefined : missing(ticks, "none");
  }
  const edge = EDGE_PACKETS * sound.packetTicks + earlyTicks;
  const late = ticksBetween(fromPts90k, sound.fromPts90k);
  if (late > edge + (isFirst ? FILM_EDGE_TICKS : 0)) {
    return missing(ticks, `none in the first ${seconds(late)}`);
  }
  const early = ticksBetween(sound.toPts90k, toPts90k);
  if (early > edge + (isLast ? FILM_EDGE_TICKS : 0)) {
    return missing(ticks, `none in the last ${seconds(early)}`);
  }
  const [first] = sound.breaks;
  if (first === undefined) return undefined;
  const at = seconds(ticksBetween(fromPts90k, first.atPts90k));
  const got =
    first.ticks > 0
      ? `none for ${seconds(first.ticks)}, ${at} after its start`
      : `sound that goes back by ${seconds(-first.ticks)}, ${at} after its start`;
  return missing(ticks, got);
}

/** Of 24 kHz, as the core of HE-AAC has it. */
const LONGEST_PACKET_TICKS = 3_840;

const seconds = (ticks: number): string => `${(ticks / PTS_PER_SECOND).toFixed(3)} s`;

const missing = (ticks: number, got: string): Reason => ({
  code: "sound_missing",
  message: "segment lacks sound",
  expected: `sound throughout its ${seconds(ticks)}`,
  got,
});
