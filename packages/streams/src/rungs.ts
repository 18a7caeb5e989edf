import type { Reason, Rung } from "@upreel/core";
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

/** The rungs of one stream: how fast each is, and which one makes the next segments. */
export function createRungs(isAuto: boolean) {
  let ladder: Ladder = [];
  /** Film seconds a second by level: predicted, then measured. */
  let speeds: (number | undefined)[] = [];
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
  const networkSpeeds = (): readonly (number | undefined)[] => speeds.slice(0, networksIn(ladder));

  return {
    /** Once the film is planned, and again after a restart. */
    set(planned: Ladder): void {
      ladder = planned;
      speeds = planned.map(({ expectedSpeed }) => expectedSpeed);
      // A model that was asked for by name is at least begun with.
      watchedLevel = isAuto ? firstLevel(speeds, networksIn(ladder)) : 0;
      isPlain = false;
    },
    get speeds(): readonly (number | undefined)[] {
      return speeds;
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
    measured(level: number, speed: number): void {
      speeds[level] = speed;
    },
    /** At the end of a segment: the level of the next ones. */
    next(level: number, leadSeconds: number, hasViewer: boolean): number {
      if (isPlain) return level;
      if (!hasViewer) return askedLevel();
      watchedLevel = chooseLevel({ levels: ladder.length, level, speeds, leadSeconds });
      return watchedLevel;
    },
    /** Runs of `rung` end in vain, because of `problem`: the plain scaler may still do it. */
    fallBack({ model, provider }: Rung, problem: Reason | undefined): void {
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
