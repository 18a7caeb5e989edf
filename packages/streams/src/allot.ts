import { RANK, type Need } from "./need.ts";

/** While a viewer has less ready than this, all that can wait leaves the machine to him … */
const YIELD_BELOW_SECONDS = 12;
/** … until everybody has this much: the band between keeps work from being stopped and started. */
const YIELD_UNTIL_SECONDS = 30;
/** Otherwise a viewer who has at least so much more gives way to one who has less than half of it. */
const LEAD_BAND_SECONDS = 10;

export interface Allotment {
  /** What the places are given to. */
  readonly working: readonly Need[];
  /** To be handed in at the next call. */
  readonly isYielding: boolean;
}

/**
 * Gives the places to what needs them most: viewers by the least lead, then next episodes, then the
 * background. What is at work keeps its place unless another one needs it clearly more. While anybody waits, nothing computes but what he,
 * and who would be next, waits for.
 */
export function allot(needs: readonly Need[], places: number, wasYielding: boolean): Allotment {
  const isYielding = isShort(needs, wasYielding ? YIELD_UNTIL_SECONDS : YIELD_BELOW_SECONDS);
  const isAnyWaiting = needs.some(({ waiting }) => waiting === "now");
  const wanting = needs
    .filter((need) => (isAnyWaiting ? need.waiting !== "no" : !isYielding || !canWait(need)))
    .toSorted(byNeed);
  const working = wanting.slice(0, places);
  const displaced = wanting.slice(places).filter(({ isAtWork }) => isAtWork);
  for (const incumbent of displaced) {
    const weakest = working.findLastIndex(({ isAtWork }) => !isAtWork);
    const challenger = working[weakest];
    if (challenger === undefined) break;
    if (!beats(challenger, incumbent)) working[weakest] = incumbent;
  }
  return { working, isYielding };
}

/**
 * Whether one more need, or another one of a stream that has no place, would come to nothing: all places
 * have gone to what is needed more, and that does not depend on it.
 */
export function changesNothing(
  { working, isYielding }: Allotment,
  need: Need,
  places: number,
): boolean {
  if (working.length < places || need.isAtWork || need.run !== undefined) return false;
  if (working.some((given) => byNeed(given, need) >= 0)) return false;
  const isHeldBack = need.waiting === "now" && !working.some(({ waiting }) => waiting === "now");
  return !isHeldBack && (isYielding || !isShort([need], YIELD_BELOW_SECONDS));
}

/** What is needed more comes first. */
export const byNeed = (a: Need, b: Need): number =>
  a.rank - b.rank || a.leadSeconds - b.leadSeconds || a.order - b.order;

const isShort = (needs: readonly Need[], seconds: number): boolean =>
  needs.some(({ rank, leadSeconds }) => rank === RANK.watched && leadSeconds < seconds);

const canWait = ({ rank, leadSeconds }: Need): boolean =>
  rank !== RANK.watched || leadSeconds >= YIELD_UNTIL_SECONDS;

/** Whether `challenger` takes the place of what is at work. The bands keep them from changing by turns. */
function beats(challenger: Need, incumbent: Need): boolean {
  if (challenger.rank !== incumbent.rank) return challenger.rank < incumbent.rank;
  if (challenger.rank !== RANK.watched)
    return challenger.isByHand === true && challenger.order < incumbent.order;
  const { leadSeconds: less } = challenger;
  const { leadSeconds: more } = incumbent;
  return less + Math.max(LEAD_BAND_SECONDS, less) < more;
}
