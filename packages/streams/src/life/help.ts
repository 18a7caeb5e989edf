import { segmentCount, toNumber, type Offer, type Timeline } from "@upreel/core";
import { nextGap } from "../gaps.ts";
import { RANK, type Need } from "../need.ts";
import { placeOf, type Place } from "../places.ts";
import type { SpeedAt } from "../ports.ts";
import { levelFor } from "../levels.ts";
import { isRefused, rungAt, rungsAt } from "../rungs.ts";
import { leadsOf } from "./leads.ts";
import { liveOf } from "./run-view.ts";
import { canBeShared, shareOf, type Helper, type Others, type SharedRun } from "./share-work.ts";
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

/** The machines of one turn in which help is given. */
export interface Crew {
  /** Those that have nothing to do, in the order in which they are asked for. */
  readonly idle: readonly Offer[];
  /** All that are here. */
  readonly byPlace: ReadonlyMap<Place, Offer>;
}

/** What a film has for the machines of a crew. */
export interface Help {
  /** It has nothing, for none of them. */
  readonly isNone: boolean;
  /**
   * A part for the idle machine of this number: a gap that nobody works on, else the far part of the run that would be the last one
   * to end, so that all end together, or soon for who watches. What every viewer has passed comes last. Undefined: nothing is
   * worth it.
   */
  needFor(n: number): Need | undefined;
  /** The same of what some viewer comes to. */
  aheadFor(n: number): Need | undefined;
}

const NO_HELP: Help = { isNone: true, needFor: () => undefined, aheadFor: () => undefined };

/** How fast the film is made at each machine of a crew: asked once in a turn, which a part that is given does not change. */
export function speedsOfCrew(
  state: State,
  seen: Seen,
  speedAt: SpeedAt | undefined,
): (offer: Offer) => number | undefined {
  const known = new Map<Offer, number | undefined>();
  return (offer) => {
    if (!known.has(offer)) known.set(offer, speedOfNew(state, seen, offer, speedAt));
    return known.get(offer);
  };
}

/** As the film is now: once one of the machines has its part, the rest is asked for anew. */
export function helpOf(
  state: State,
  seen: Seen,
  { idle, byPlace }: Crew,
  speedOf: (offer: Offer) => number | undefined,
): Help {
  const phase = activePhase(state);
  const { timeline } = state.record;
  if (phase?.step.at !== "making" || phase.isPaused || timeline === undefined) return NO_HELP;
  if (state.preparedFrom !== undefined) return NO_HELP;
  const [main] = needsOfStream(state, seen);
  if (main?.kind !== "make") return NO_HELP;
  const neededFrom = main.rank === RANK.watched ? main.gap.from : undefined;
  const isAhead = (segment: number): boolean => segment >= (neededFrom ?? 0);
  const free = freeGap(state, seen, timeline, neededFrom ?? state.wanted);
  const crew = crewOf(state, timeline, seen, { byPlace, speedOf });
  if (free === undefined && !crew.runs.some(canBeShared)) return NO_HELP;
  const ahead = crew.runs.filter(({ next }) => isAhead(next));
  const others = othersBehind(idle, crew.helper, speedOf);
  const { stream, rank, leadSeconds, order } = main;
  type Gap = Need["gap"] | undefined;
  const share = (n: number, offer: Offer, runs: readonly SharedRun[]): Gap =>
    shareOf(timeline, crew.helper(offer), others(n), runs);
  const partFor = (n: number, gapFor: (offer: Offer) => Gap): Need | undefined => {
    const offer = idle[n];
    const gap = offer === undefined || speedOf(offer) === 0 ? undefined : gapFor(offer);
    if (offer === undefined || gap === undefined) return undefined;
    return {
      ...{ stream, kind: "make", gap, run: undefined, isAtWork: false, rank, leadSeconds },
      ...{ order, machine: placeOf(offer), waiting: "no", isHelp: true },
    };
  };
  const aheadFor = (n: number): Need | undefined =>
    partFor(n, (offer) =>
      free !== undefined && isAhead(free.from) ? free : share(n, offer, ahead),
    );
  const anyFor = (n: number): Need | undefined =>
    aheadFor(n) ?? partFor(n, (offer) => free ?? share(n, offer, crew.runs));
  return { isNone: false, aheadFor, needFor: neededFrom === undefined ? aheadFor : anyFor };
}

/** What those behind the n-th idle machine make together; added up once, when it is first asked for. */
function othersBehind(
  idle: readonly Offer[],
  helper: (offer: Offer) => Helper,
  speedOf: (offer: Offer) => number | undefined,
): (n: number) => Others {
  const NOBODY: Others = { speed: 0, starts: 0 };
  let sums: Others[] | undefined;
  const addUp = (): Others[] => {
    const behind = [NOBODY];
    for (const offer of idle.slice(1).toReversed()) {
      const { speed, starts } = behind.at(-1) ?? NOBODY;
      const each = speedOf(offer) === 0 ? { speed: 0, startSeconds: 0 } : helper(offer);
      behind.push({ speed: speed + each.speed, starts: starts + each.speed * each.startSeconds });
    }
    return behind.toReversed();
  };
  return (n) => (sums ??= addUp())[n] ?? NOBODY;
}

/** A gap that nobody works on. */
function freeGap(
  { runs }: State,
  { ready }: Seen,
  timeline: Timeline,
  from: number,
): Need["gap"] | undefined {
  // What one that ends has made may still be published: it is left alone for the moment.
  const taken = new Uint8Array(segmentCount(timeline));
  for (const { kind, next, to } of [...runs.values()].map(liveOf))
    if (kind === "make") taken.fill(1, next, to);
  const isTaken = (k: number): boolean => taken[k] === 1 || ready.has(k);
  return nextGap(isTaken, timeline, from);
}

interface Machines {
  readonly byPlace: ReadonlyMap<Place, Offer>;
  readonly speedOf: (offer: Offer) => number | undefined;
}

/** Who makes the film, and how fast; a helper whose speed nobody knows counts as the others do on average. */
function crewOf(
  { runs, speedsAt, startsAt }: State,
  timeline: Timeline,
  { nowMs, audience }: Seen,
  { byPlace, speedOf }: Machines,
) {
  const leadAt = leadsOf(audience, timeline);
  const startOf = (place: Place): number =>
    Math.min(startsAt.get(place) ?? USUAL_START_SECONDS, LONGEST_START_SECONDS);
  const making = [...runs.values()].flatMap((run): readonly SharedRun[] => {
    const { order, progress, orderedAtMs } = run;
    const { kind, phase, next, to, machine, pace } = liveOf(run);
    if (kind !== "make" || phase !== "working") return [];
    // A run that has just begun shows no speed yet, its machine has.
    const shown =
      speedsAt.get(machine) ?? (pace.fps > 0 ? pace.fps / toNumber(timeline.rate) : undefined);
    const there = byPlace.get(machine);
    const predicted = there === undefined ? undefined : speedOf(there) || undefined;
    const begunSeconds = (nowMs - orderedAtMs) / 1_000;
    const left = progress.frames > 0 ? 0 : Math.max(0, startOf(order.machine) - begunSeconds);
    const restartSeconds = startOf(machine);
    const leadSeconds = leadAt(next);
    return [{ next, to, shown, predicted, startSeconds: left, restartSeconds, leadSeconds }];
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
