import { told, type Reason, type Rung, type RungName, type RungRef, type Told } from "@upreel/core";
import { firstLevel } from "./choose-level.ts";
import type { Place } from "./places.ts";
import type { Ladder } from "./ports.ts";
import { NOTHING_MADE } from "./run-problems.ts";

/** How many rungs of a ladder, from the best one on, are networks; all where the plain scaler is all there is. */
export const networksIn = (ladder: Ladder): number => {
  const count = ladder.filter(({ rung }) => rung.model.kind !== "copy").length;
  return count === 0 ? ladder.length : count;
};

/** A rung that was too slow may have been so for what the machine did beside: it is believed for so long, … */
const BELIEVED_MS = 120_000;
/** … twice as long each time that it proves to be, at most … */
const BELIEVED_AT_MOST_MS = 600_000;

/** What is known of one rung from its work here. */
interface Known {
  /** Measured last. */
  readonly speed?: number | undefined;
  readonly atMs?: number | undefined;
  readonly leftAtMs?: number | undefined;
  /** How often it was left for being too slow. */
  readonly falls?: number | undefined;
  /** Where it cannot be loaded: what one machine cannot run another one may. */
  readonly refusedAt?: readonly Place[] | undefined;
}

/** The rungs of one stream: how fast each is, and which one makes the next segments. Never changed, but replaced. */
export interface Rungs {
  /** Where they are to run: what cannot be loaded there does not count. */
  readonly place: Place;
  /** No model was asked for by name. */
  readonly isAuto: boolean;
  /** Empty before the film is planned. */
  readonly ladder: Ladder;
  /** By level. */
  readonly known: readonly Known[];
  readonly changedAtMs: number;
  /** For the next run that a viewer waits for. */
  readonly watchedLevel: number;
  /** Why, after runs in vain, what asks least of the machine makes the rest; undefined: it need not. */
  readonly failure: Told | undefined;
}

export const noRungs = (isAuto: boolean): Rungs => ({
  ...{ place: undefined, isAuto, ladder: [], known: [], changedAtMs: -Infinity },
  ...{ watchedLevel: 0, failure: undefined },
});

/** Once the film is planned, and again after a restart. */
export function withLadder({ isAuto }: Rungs, ladder: Ladder, nowMs: number): Rungs {
  const rungs = { ...noRungs(isAuto), ladder };
  // A model that was asked for by name is at least begun with.
  if (!isAuto) return rungs;
  return { ...rungs, watchedLevel: firstLevel(speedsOf(rungs, nowMs), networksIn(ladder)) };
}

export function withKnown(rungs: Rungs, level: number, more: Known): Rungs {
  const known = rungs.ladder.map((_, each) =>
    each === level ? { ...rungs.known[each], ...more } : (rungs.known[each] ?? {}),
  );
  return { ...rungs, known };
}

/** A level was measured, once its figures are those of warm caches, and not of its start. */
export const withSpeed = (rungs: Rungs, level: number, speed: number, nowMs: number): Rungs =>
  withKnown(rungs, level, { speed, atMs: nowMs });

/** Runs of `rung` end in vain, because of `problem`: the plain scaler may still do it. */
export function fallBack(
  rungs: Rungs,
  { model, provider }: RungRef,
  problem: Reason | undefined,
): Rungs {
  const { message, got } = problem ?? NOTHING_MADE;
  const detail = got === undefined ? "" : ` (${got})`;
  const reason = `${message}${detail}`;
  return { ...rungs, failure: told("rung_failed", { model: model.id, provider, reason }) };
}

/** The same for a run on that machine. */
export const rungsAt = (rungs: Rungs, place: Place): Rungs => ({ ...rungs, place });

/** One that cannot be loaded at a place is as slow as can be there. */
export function withoutRung(rungs: Rungs, { model, provider }: RungName, place: Place): Rungs {
  const level = rungs.ladder.findIndex(
    ({ rung }) => rung.model.id === model && rung.provider === provider,
  );
  const { refusedAt = [] } = rungs.known[level] ?? {};
  return withKnown(rungs, level, { refusedAt: [...new Set([...refusedAt, place])] });
}

export const isRefused = ({ known, place }: Rungs, level: number): boolean =>
  known[level]?.refusedAt?.includes(place) === true;

/** Where a rung stands. */
export function levelOf({ ladder }: Rungs, { model, provider }: RungRef): number | undefined {
  const level = ladder.findIndex(
    ({ rung }) => rung.model.id === model.id && rung.provider === provider,
  );
  return level < 0 ? undefined : level;
}

/** Film seconds a second of what was measured lately. */
export function freshSpeed(rungs: Rungs, level: number, nowMs: number): number | undefined {
  const { speed, atMs = -Infinity, falls = 0 } = rungs.known[level] ?? {};
  if (isRefused(rungs, level)) return 0;
  const believedMs = Math.min(BELIEVED_AT_MOST_MS, BELIEVED_MS * 2 ** Math.max(0, falls - 1));
  return nowMs - atMs < believedMs ? speed : undefined;
}

/** Film seconds a second by level: measured, and predicted when that is too long ago. */
export const speedsOf = (rungs: Rungs, nowMs: number): readonly (number | undefined)[] =>
  rungs.ladder.map(({ expectedSpeed }, level) => freshSpeed(rungs, level, nowMs) ?? expectedSpeed);

/** Of what upscales. */
export const networkSpeedsOf = (rungs: Rungs, nowMs: number): readonly (number | undefined)[] =>
  speedsOf(rungs, nowMs).slice(0, networksIn(rungs.ladder));

export function rungAt({ ladder, failure }: Rungs, level: number): Rung | undefined {
  const rung = ladder[level]?.rung;
  return failure !== undefined && rung !== undefined ? { ...rung, why: [failure] } : rung;
}
