import { isElsewhere, type Offer } from "@upreel/core";
import { RANK, type Need } from "../need.ts";
import { helpOf, type Crew } from "./help.ts";
import { leadsOf } from "./leads.ts";
import { liveOf } from "./run-view.ts";
import type { State } from "./state.ts";
import type { Seen } from "./step.ts";
import { needsOfStream } from "./stream-needs.ts";

/** A run to be ended, and what its machine is to make instead. */
export interface Move {
  readonly run: string;
  readonly need: Need;
}

/**
 * A machine of the farm fills a hole that every viewer has passed, while others make what somebody comes to: it is to help
 * them, and the hole has time. Undefined: none does.
 */
export function moveAhead(
  state: State,
  seen: Seen,
  byPlace: Crew["byPlace"],
  speedOf: (offer: Offer) => number | undefined,
): Move | undefined {
  const { timeline } = state.record;
  if (timeline === undefined || ![...state.runs.values()].some(isOfFarm)) return undefined;
  const needs = needsOfStream(state, seen);
  if (needs[0]?.rank !== RANK.watched) return undefined;
  const leadAt = leadsOf(seen.audience, timeline);
  const isNeeded = (id: string): boolean => needs.some(({ run }) => run === id);
  for (const { id, kind, phase, next, machine } of [...state.runs.values()].map(liveOf)) {
    const offer = byPlace.get(machine);
    const isPassed = kind === "make" && phase === "working" && leadAt(next) === undefined;
    if (!isPassed || !isElsewhere(machine) || isNeeded(id) || offer === undefined) continue;
    const need = helpOf(state, seen, { idle: [offer], byPlace }, speedOf).aheadFor(0);
    // What it makes instead must not be passed already, or it would be moved again and again.
    if (need !== undefined && leadAt(need.gap.from) !== undefined) return { run: id, need };
  }
  return undefined;
}

const isOfFarm = ({ order }: { readonly order: { readonly machine?: string | undefined } }) =>
  isElsewhere(order.machine);
