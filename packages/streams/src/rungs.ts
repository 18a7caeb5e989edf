import type { Clock, Reason, Rung, RungRef } from "@upreel/core";
import { chooseLevel, fastestOf, firstLevel } from "./choose-level.ts";
import type { Ladder } from "./ports.ts";
import { NOTHING_MADE } from "./run-problems.ts";

/**
 * `auto` means a network only where it makes at least so many film seconds a second while nobody
 * watches: a film of two hours in a night of eight.
 */
const WORTH_WAITING_SPEED = 0.25;

/** How many rungs of a ladder, from the best one on, are networks; all where the plain scaler is all there is. */
export const networksIn = (ladder: Ladder): number => {
  const count = ladder.filter(({ rung }) => rung.model.kind !== "copy").length;
  return count === 0 ? ladder.length : count;
};

/** A rung that was too slow may have been so for what the machine did beside: it is believed for so long, … */
const BELIEVED_MS = 120_000;
/** … twice as long each time that it proves to be, at most … */
const BELIEVED_AT_MOST_MS = 600_000;

/** Viewers come and go: the rung does not change with each of them. */
const SETTLES_MS = 10_000;

/** What is known of a rung from its work here. */
interface Known {
  readonly speed: number;
  readonly atMs: number;
}

/** The rungs of one stream: how fast each is, and which one makes the next segments. */
export function createRungs(isAuto: boolean, clock: Clock) {
  let ladder: Ladder = [];
  const measured = new Map<number, Known>();
  /** When each level was left, and how often it was for being too slow. */
  const leftAtMs = new Map<number, number>();
  const falls = new Map<number, number>();
  let changedAtMs = -Infinity;
  /** For the next run that a viewer waits for. */
  let watchedLevel = 0;
  /** After runs in vain: what asks least of the machine. */
  let isPlain = false;
  /** Why that is so, in words for people. */
  let failure = "";

  /**
   * The level of what was asked for, which makes segments while nobody watches and makes others again:
   * a model that was named, at any speed; with `auto` the best one that is worth the waiting.
   */
  function askedLevel(): number {
    if (!isAuto) return 0;
    const level = worthWaiting();
    // A whole film of the plain scaler is no upscale.
    return level < 0 ? fastestOf(networkSpeeds()) : level;
  }

  const worthWaiting = (): number =>
    networkSpeeds().findIndex((speed) => speed === undefined || speed >= WORTH_WAITING_SPEED);

  /** What was measured lately. */
  function freshSpeed(level: number): number | undefined {
    const known = measured.get(level);
    const times = Math.max(0, (falls.get(level) ?? 0) - 1);
    const believedMs = Math.min(BELIEVED_AT_MOST_MS, BELIEVED_MS * 2 ** times);
    return known !== undefined && clock.nowMs() - known.atMs < believedMs ? known.speed : undefined;
  }
  /** Film seconds a second of a level: measured, and predicted when that is too long ago. */
  const speedOf = (level: number): number | undefined =>
    freshSpeed(level) ?? ladder[level]?.expectedSpeed;
  /** As `speedOf`, where `level` is at work: what slows that down slows down what is below it. */
  function speedBelow(level: number, each: number): number | undefined {
    const [is, was] = [freshSpeed(level), ladder[level]?.expectedSpeed];
    const share = is === undefined || was === undefined ? 1 : Math.min(1, is / was);
    const expected = ladder[each]?.expectedSpeed;
    return freshSpeed(each) ?? (expected === undefined ? undefined : expected * share);
  }
  const speeds = (): readonly (number | undefined)[] => ladder.map((_, level) => speedOf(level));
  const networkSpeeds = (): readonly (number | undefined)[] =>
    speeds().slice(0, networksIn(ladder));

  function choose(level: number, leadSeconds: number): number {
    const nowMs = clock.nowMs();
    return chooseLevel({
      ...{ levels: ladder.length, level, leadSeconds },
      speeds: ladder.map((_, each) => (each > level ? speedBelow(level, each) : speedOf(each))),
      measured: ladder.map((_, each) => measured.get(each)?.speed),
      leftSeconds: ladder.map((_, each) => (nowMs - (leftAtMs.get(each) ?? -Infinity)) / 1_000),
      sinceChangeSeconds: (nowMs - changedAtMs) / 1_000,
    });
  }

  function noteChange(from: number, to: number): void {
    changedAtMs = clock.nowMs();
    leftAtMs.set(from, changedAtMs);
    if (to > from) falls.set(from, (falls.get(from) ?? 0) + 1);
  }

  return {
    /** Once the film is planned, and again after a restart. */
    set(planned: Ladder): void {
      ladder = planned;
      for (const known of [measured, leftAtMs, falls]) known.clear();
      changedAtMs = -Infinity;
      // A model that was asked for by name is at least begun with.
      watchedLevel = isAuto ? firstLevel(speeds(), networksIn(ladder)) : 0;
      isPlain = false;
    },
    get speeds(): readonly (number | undefined)[] {
      return speeds();
    },
    /** Of what upscales. */
    get networkSpeeds(): readonly (number | undefined)[] {
      return networkSpeeds();
    },
    rungAt(level: number): Rung | undefined {
      const rung = ladder[level]?.rung;
      return isPlain && rung !== undefined ? { ...rung, why: failure } : rung;
    },
    askedLevel,
    /** Of a new run. */
    levelFor(hasViewer: boolean): number {
      if (isPlain) return Math.max(0, ladder.length - 1);
      return hasViewer ? watchedLevel : askedLevel();
    },
    /** Once its figures are those of warm caches, and not of its start. */
    measured(level: number, speed: number): void {
      measured.set(level, { speed, atMs: clock.nowMs() });
    },
    /**
     * At the end of a segment of a run at `level`: the level of the next ones. One whose speed is not
     * known yet goes on.
     */
    next(level: number, leadSeconds: number, hasViewer: boolean, isWarm: boolean): number {
      if (isPlain) return level;
      const isSettled = isWarm && clock.nowMs() - changedAtMs >= SETTLES_MS;
      const next = hasViewer
        ? isWarm
          ? choose(level, leadSeconds)
          : level
        : isSettled
          ? askedLevel()
          : level;
      if (hasViewer) watchedLevel = next;
      if (next !== level) noteChange(level, next);
      return next;
    },
    /** Runs of `rung` end in vain, because of `problem`: the plain scaler may still do it. */
    fallBack({ model, provider }: RungRef, problem: Reason | undefined): void {
      isPlain = true;
      const { message, got } = problem ?? NOTHING_MADE;
      const detail = got === undefined ? "" : ` (${got})`;
      failure = `${model.id} failed on ${provider}: ${message}${detail}`;
    },
    /** Whether `model` stands below what was asked for, in this ladder. */
    isLower: (model: string): boolean => {
      const level = ladder.findIndex(({ rung }) => rung.model.id === model);
      // What is there is kept where making it again would take days.
      return level > (isAuto && worthWaiting() < 0 ? ladder.length : askedLevel());
    },
  };
}

export type Rungs = ReturnType<typeof createRungs>;
