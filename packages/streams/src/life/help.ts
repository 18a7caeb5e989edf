import { toNumber, type Offer, type Timeline } from "@upreel/core";
import { nextGap } from "../gaps.ts";
import { RANK, type Need } from "../need.ts";
import { placeOf, type Place } from "../places.ts";
import type { SpeedAt } from "../ports.ts";
import { levelFor } from "../levels.ts";
import { isRefused, rungAt, rungsAt } from "../rungs.ts";
import { liveOf } from "./run-view.ts";
import { shareOf, type Helper, type SharedRun } from "./share-work.ts";
import type { State } from "./state.ts";
import { activePhase, type Seen } from "./step.ts";
import { needsOfStream } from "./stream-needs.ts";

/** Of a machine that has not made any of the film yet, from the order of a run to its first picture. */
const USUAL_START_SECONDS = 1;

/** Film seconds a second of a new run at an offer; undefined: not known, 0: what it needs is not there. */
export function speedOfNew(
  state: State,
  seen: Seen,
  offer: Offer,
  speedAt: SpeedAt | undefined,
): number | undefined {
  const { output, timeline } = state.record;
  const rungs = rungsAt(state.rungs, placeOf(offer));
  const isWatched = seen.audience.positions().length > 0;
  const level = levelFor(rungs, isWatched, seen.nowMs);
  const rung = rungAt(rungs, level);
  if (output === undefined || timeline === undefined || rung === undefined) return undefined;
  if (offer.plansOnly === true || offer.encoders?.includes(output.encoder) === false) return 0;
  // Nobody wants parts that are worse than the others for a network that this machine alone cannot run.
  const isWorse = level > levelFor(state.rungs, isWatched, seen.nowMs);
  if (isWorse || isRefused(rungs, level)) return 0;
  return speedAt?.(offer, rung, output, timeline);
}

/** A network that had to be fetched or built first is there the next time: it keeps no machine from helping. */
const LONGEST_START_SECONDS = 15;

/** Machines that have nothing to do, beside the one that is asked for, and all that are here. */
export interface Crew {
  readonly idle: readonly Offer[];
  readonly offers: readonly Offer[];
}

/**
 * A part of the film for a machine that has nothing to do: a gap that nobody works on, else the far part of the run that
 * would be the last one to end, so that all end together, or soon for who watches. Undefined: nothing is worth it.
 */
export function helpAt(
  state: State,
  seen: Seen,
  offer: Offer,
  { idle, offers }: Crew,
  speedAt: SpeedAt | undefined,
): Need | undefined {
  const phase = activePhase(state);
  const { timeline } = state.record;
  if (phase?.step.at !== "making" || phase.isPaused || timeline === undefined) return undefined;
  if (state.preparedFrom !== undefined) return undefined;
  const [main] = needsOfStream(state, seen);
  if (main?.kind !== "make") return undefined;
  const speedOf = (at: Offer): number | undefined => speedOfNew(state, seen, at, speedAt);
  if (speedOf(offer) === 0) return undefined;
  const crew = crewOf(state, timeline, seen.nowMs, { offers, speedOf });
  const others = idle.filter((each) => speedOf(each) !== 0);
  const gap =
    freeGap(state, seen, timeline) ??
    shareOf(timeline, crew.helper(offer), others.map(crew.helper), crew.runs, watchedLead(main));
  if (gap === undefined) return undefined;
  const { stream, rank, leadSeconds, order } = main;
  return {
    ...{ stream, kind: "make", gap, run: undefined, isAtWork: false, rank, leadSeconds, order },
    ...{ machine: placeOf(offer), waiting: "no", isHelp: true },
  };
}

const watchedLead = ({ rank, leadSeconds }: Need): number | undefined =>
  rank === RANK.watched ? leadSeconds : undefined;

/** A gap that nobody works on. */
function freeGap(
  { runs, wanted }: State,
  { ready }: Seen,
  timeline: Timeline,
): Need["gap"] | undefined {
  const live = [...runs.values()].map(liveOf).filter(({ kind }) => kind === "make");
  // What one that ends has made may still be published: it is left alone for the moment.
  const isTaken = (k: number): boolean =>
    ready.has(k) || live.some((run) => k >= run.next && k < run.to);
  return nextGap(isTaken, timeline, wanted);
}

interface Machines {
  readonly offers: readonly Offer[];
  readonly speedOf: (offer: Offer) => number | undefined;
}

/** Who makes the film, and how fast; a helper whose speed nobody knows counts as the others do on average. */
function crewOf(
  { runs, speedsAt, startsAt }: State,
  timeline: Timeline,
  nowMs: number,
  { offers, speedOf }: Machines,
) {
  const startOf = (place: Place): number =>
    Math.min(startsAt.get(place) ?? USUAL_START_SECONDS, LONGEST_START_SECONDS);
  const making = [...runs.values()].flatMap((run): readonly SharedRun[] => {
    const { order, progress, orderedAtMs } = run;
    const { kind, phase, next, to, machine, pace } = liveOf(run);
    if (kind !== "make" || phase !== "working") return [];
    // A run that has just begun shows no speed yet, its machine has.
    const shown =
      speedsAt.get(machine) ?? (pace.fps > 0 ? pace.fps / toNumber(timeline.rate) : undefined);
    const there = offers.find((offer) => placeOf(offer) === machine);
    const predicted = there === undefined ? undefined : speedOf(there) || undefined;
    const begunSeconds = (nowMs - orderedAtMs) / 1_000;
    const left = progress.frames > 0 ? 0 : Math.max(0, startOf(order.machine) - begunSeconds);
    return [{ next, to, shown, predicted, startSeconds: left, restartSeconds: startOf(machine) }];
  });
  const known = making.flatMap(({ shown, predicted }) => shown ?? predicted ?? []);
  const usual = known.length === 0 ? 1 : known.reduce((sum, each) => sum + each, 0) / known.length;
  return {
    runs: making,
    helper: (offer: Offer): Helper => ({
      speed: speedOf(offer) ?? usual,
      startSeconds: startOf(placeOf(offer)),
    }),
  };
}
