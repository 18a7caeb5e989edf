import { segmentSeconds, toNumber, type Offer, type Timeline } from "@upreel/core";
import { nextGap } from "../gaps.ts";
import { RANK, type LiveRun, type Need } from "../need.ts";
import { placeOf } from "../places.ts";
import type { SpeedAt } from "../ports.ts";
import { levelFor } from "../levels.ts";
import { isRefused, rungAt, rungsAt } from "../rungs.ts";
import { liveOf } from "./run-view.ts";
import type { State } from "./state.ts";
import { activePhase, type Seen } from "./step.ts";
import { needsOfStream } from "./stream-needs.ts";

/** Less than this is not worth a decoder that seeks and a network that is loaded. */
const LEAST_SEGMENTS = 2;
/** What a run has begun with it ends. */
const OWN_SEGMENTS = 2;
/** For somebody who watches, a helper begins so near that what it makes is of use soon … */
const LEAST_WINDOW_SECONDS = 6;
/** … and no farther ahead than this. */
const LONGEST_WINDOW_SECONDS = 120;

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

/**
 * A part of the film for a machine that has nothing to do: a gap that nobody works on, else the far part of the
 * longest one that somebody does, so that both end together, or soon for who watches. Undefined: nothing is worth it.
 */
export function helpAt(
  state: State,
  seen: Seen,
  offer: Offer,
  speedAt: SpeedAt | undefined,
): Need | undefined {
  const phase = activePhase(state);
  const { timeline } = state.record;
  if (phase?.step.at !== "making" || phase.isPaused || timeline === undefined) return undefined;
  if (state.preparedFrom !== undefined) return undefined;
  const [main] = needsOfStream(state, seen);
  if (main?.kind !== "make") return undefined;
  const own = speedOfNew(state, seen, offer, speedAt);
  if (own === 0) return undefined;
  const gap = gapFor(state, seen, timeline, { own, lead: watchedLead(main) });
  if (gap === undefined) return undefined;
  const { stream, rank, leadSeconds, order } = main;
  return {
    ...{ stream, kind: "make", gap, run: undefined, isAtWork: false, rank, leadSeconds, order },
    ...{ machine: placeOf(offer), waiting: "no", isHelp: true },
  };
}

const watchedLead = ({ rank, leadSeconds }: Need): number | undefined =>
  rank === RANK.watched ? leadSeconds : undefined;

interface Helper {
  readonly own: number | undefined;
  /** What the viewer with the least has ready; undefined: nobody watches. */
  readonly lead: number | undefined;
}

function gapFor(
  { runs, wanted, speedsAt }: State,
  { ready }: Seen,
  timeline: Timeline,
  helper: Helper,
): Need["gap"] | undefined {
  const live = [...runs.values()].map(liveOf).filter(({ kind }) => kind === "make");
  // What one that ends has made may still be published: it is left alone for the moment.
  const isTaken = (k: number): boolean =>
    ready.has(k) || live.some((run) => k >= run.next && k < run.to);
  const free = nextGap(isTaken, timeline, wanted);
  if (free !== undefined) return free;
  const [longest] = live
    .filter(({ phase }) => phase === "working")
    .toSorted((a, b) => b.to - b.next - (a.to - a.next));
  if (longest === undefined) return undefined;
  // A run that has just begun shows no speed yet, its machine has.
  const shown = longest.pace.fps > 0 ? longest.pace.fps / toNumber(timeline.rate) : undefined;
  return split(longest, timeline, { ...helper, theirs: speedsAt.get(longest.machine) ?? shown });
}

function split(
  { next, to }: LiveRun,
  timeline: Timeline,
  { own, theirs, lead }: Helper & { readonly theirs: number | undefined },
): Need["gap"] | undefined {
  const left = to - next;
  const share = own === undefined || theirs === undefined ? 0.5 : own / (own + theirs);
  const fair = to - Math.floor(left * share);
  const from = Math.max(next + OWN_SEGMENTS, Math.min(fair, soon(next, timeline, theirs, lead)));
  return to - from < LEAST_SEGMENTS ? undefined : { from, to };
}

/** Where a helper begins for somebody who watches: the run before gets there while there is enough to see. */
function soon(
  next: number,
  timeline: Timeline,
  speed: number | undefined,
  lead: number | undefined,
): number {
  if (lead === undefined) return Number.POSITIVE_INFINITY;
  // It has not shown yet how fast it is.
  if (speed === undefined)
    return next + Math.ceil(LEAST_WINDOW_SECONDS / segmentSeconds(timeline, next));
  if (speed >= 1.25) return Number.POSITIVE_INFINITY;
  const window = speed >= 1 ? LONGEST_WINDOW_SECONDS : lead / 2 / (1 - speed);
  const seconds = Math.min(LONGEST_WINDOW_SECONDS, Math.max(LEAST_WINDOW_SECONDS, window));
  return next + Math.ceil((seconds * speed) / segmentSeconds(timeline, next));
}
