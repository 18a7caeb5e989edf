import { RANK, type Need } from "./need.ts";

/** Where each stream stands that somebody has put in order by hand, from 0 on. */
export type Turns = ReadonlyMap<string, number>;

/**
 * The same need with its stream's turn. What was put in order by hand goes before all that was not, but for what
 * somebody watches; making again what is made stays last.
 */
export function byHand(need: Need, turns: Turns): Need {
  const turn = turns.get(need.stream);
  const { rank } = need;
  const isMoved = rank === RANK.viewer || rank === RANK.next || rank === RANK.background;
  if (turn === undefined || !isMoved) return need;
  // Others count from 0 on.
  return { ...need, rank: RANK.viewer, order: turn - turns.size, isByHand: true };
}
