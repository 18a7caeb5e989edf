import { segmentSeconds, type Offer } from "@upreel/core";
import { RANK, type Need } from "../need.ts";
import { placeOf } from "../places.ts";
import type { SpeedAt } from "../ports.ts";
import { speedOfNew } from "./help.ts";
import { liveOf } from "./run-view.ts";
import type { RunState, State } from "./state.ts";
import { activePhase, type Seen } from "./step.ts";
import { needsOfStream } from "./stream-needs.ts";

/** A segment is late when it takes so many times as long as its machine took for others of the film, … */
const LATE_FACTOR = 2;
/** … and this long in any case: what a start takes is no reason. */
const LATE_AFTER_MS = 3_000;
/** What is made beside, while somebody finds out what has become of the other machine. */
const HEDGE_SEGMENTS = 2;

/**
 * The segment that somebody waits for is late: another machine makes it as well, whoever is first. Undefined: nothing is
 * late, or it is made twice already.
 */
export function hedgeAt(
  state: State,
  seen: Seen,
  offer: Offer,
  speedAt: SpeedAt | undefined,
): Need | undefined {
  const phase = activePhase(state);
  if (phase?.step.at !== "making" || phase.isPaused) return undefined;
  const main = needsOfStream(state, seen).find(
    ({ rank, waiting, isAtWork }) => rank === RANK.watched && waiting !== "no" && isAtWork,
  );
  const run = main?.run === undefined ? undefined : state.runs.get(main.run);
  if (main === undefined || run === undefined || !isLate(run, state, seen)) return undefined;
  const { next, to, order } = run;
  const isTwice = [...state.runs.values()].some(
    (other) => other !== run && liveOf(other).next <= next && next < other.to,
  );
  const own = speedOfNew(state, seen, offer, speedAt);
  if (isTwice || placeOf(offer) === order.machine || own === 0) return undefined;
  const { stream, rank, leadSeconds } = main;
  return {
    ...{ stream, kind: "make", gap: { from: next, to: Math.min(to, next + HEDGE_SEGMENTS) } },
    ...{ run: undefined, isAtWork: false, rank, leadSeconds, order: main.order },
    ...{ machine: placeOf(offer), waiting: "no", isHelp: true, isHedge: true },
  };
}

/** By the last segment that was published of it; a gateway's own place is watched otherwise. */
function isLate({ order, next, lastGood }: RunState, { speedsAt }: State, seen: Seen): boolean {
  if (order.machine === undefined) return false;
  const speed = speedsAt.get(order.machine) ?? 1;
  const usualMs = (1_000 * segmentSeconds(order.timeline, next)) / speed;
  return seen.nowMs - lastGood.atMs > Math.max(LATE_AFTER_MS, LATE_FACTOR * usualMs);
}
