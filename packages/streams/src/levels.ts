import type { Rung } from "@upreel/core";
import { fastestOf, firstLevel, openingLevel } from "./choose-level.ts";
import type { Ladder } from "./ports.ts";
import {
  isRefused,
  networkSpeedsOf,
  networksIn,
  noRungs,
  rungAt,
  speedsOf,
  withLadder,
  type Rungs,
} from "./rungs.ts";

/**
 * `auto` means a network only where it makes at least so many film seconds a second while nobody
 * watches: a film of two hours in a night of eight.
 */
const WORTH_WAITING_SPEED = 0.25;

/** What was asked for by name: the best rung that can be loaded. */
const namedLevel = (rungs: Rungs): number =>
  Math.max(
    0,
    rungs.ladder.findIndex((_, level) => !isRefused(rungs, level)),
  );

/** As `networkSpeedsOf`; where faces are to be restored and can be, what does not restore them counts as 0. */
function wishedSpeedsOf(rungs: Rungs, nowMs: number): readonly (number | undefined)[] {
  const doesFaces = ({ rung }: Ladder[number], level: number): boolean =>
    rung.faces !== undefined && !isRefused(rungs, level);
  const speeds = networkSpeedsOf(rungs, nowMs);
  if (!rungs.ladder.some(doesFaces)) return speeds;
  return rungs.ladder.map((each, level) => (doesFaces(each, level) ? speeds[level] : 0));
}

const worthWaiting = (rungs: Rungs, nowMs: number): number =>
  wishedSpeedsOf(rungs, nowMs).findIndex(
    (speed) => speed === undefined || speed >= WORTH_WAITING_SPEED,
  );

/**
 * The level of what was asked for, which makes segments while nobody watches and makes others again:
 * a model that was named, at any speed; with `auto` the best one that is worth the waiting.
 */
export function askedLevel(rungs: Rungs, nowMs: number): number {
  if (!rungs.isAuto) return namedLevel(rungs);
  const level = worthWaiting(rungs, nowMs);
  // A whole film of the plain scaler is no upscale.
  return level < 0 ? fastestOf(wishedSpeedsOf(rungs, nowMs)) : level;
}

/** Of a new run. */
export function levelFor(rungs: Rungs, hasViewer: boolean, nowMs: number): number {
  if (rungs.failure !== undefined) return Math.max(0, rungs.ladder.length - 1);
  if (!hasViewer) return askedLevel(rungs, nowMs);
  return usableFrom(rungs, Math.max(rungs.watchedLevel, openingOf(rungs, nowMs)));
}

/** Of a run that nobody waits for, of a film that somebody watches. */
export const sustainedLevel = (rungs: Rungs, nowMs: number): number =>
  rungs.failure !== undefined || !rungs.isAuto
    ? levelFor(rungs, true, nowMs)
    : usableFrom(rungs, rungs.watchedLevel);

/** Where this one cannot be loaded, the next one that can. */
function usableFrom(rungs: Rungs, level: number): number {
  const usable = rungs.ladder.findIndex((_, each) => each >= level && !isRefused(rungs, each));
  return usable < 0 ? level : usable;
}

/** A model that was asked for by name is begun with, but without faces where they would keep a viewer waiting. */
function openingOf(rungs: Rungs, nowMs: number): number {
  if (!rungs.isAuto) {
    const speeds = speedsOf(rungs, nowMs);
    const named = rungs.ladder.findIndex(
      ({ rung: { faces } }, level) =>
        !isRefused(rungs, level) && (faces === undefined || (speeds[level] ?? 0) >= 1),
    );
    return named < 0 ? namedLevel(rungs) : named;
  }
  const networks = networksIn(rungs.ladder);
  return openingLevel(
    speedsOf(rungs, nowMs),
    networks,
    firstLevel(speedsOf(rungs, nowMs), networks),
  );
}

/** What a run begins with that a viewer of a film waits for, before anything of it was made. */
export function openingRung(ladder: Ladder, isAuto: boolean): Rung | undefined {
  const rungs = withLadder(noRungs(isAuto), ladder, 0);
  return rungAt(rungs, levelFor(rungs, true, 0));
}

/** Whether a model stands below what was asked for, in this ladder. */
export function isLowerIn(rungs: Rungs, nowMs: number): (model: string) => boolean {
  const { isAuto, ladder } = rungs;
  // What is there is kept where making it again would take days.
  const isTooSlow = isAuto && worthWaiting(rungs, nowMs) < 0;
  const asked = isTooSlow ? ladder.length : askedLevel(rungs, nowMs);
  return (model) => ladder.findIndex(({ rung }) => rung.model.id === model) > asked;
}
