import type { Ladder } from "./ports.ts";
import { chooseLevel, firstLevel, paysForClimb } from "./choose-level.ts";
import { askedLevel } from "./levels.ts";
import { freshSpeed, networksIn, speedsOf, withKnown, type Rungs } from "./rungs.ts";

/** Viewers come and go: the rung does not change with each of them. */
const SETTLES_MS = 10_000;

/** A run that is at the end of a segment. */
export interface AtWork {
  readonly level: number;
  readonly leadSeconds: number;
  readonly hasViewer: boolean;
  /** Its speed is known. */
  readonly isWarm: boolean;
  /** It is still at the rung that it began with, for a first segment soon. */
  readonly isOpening: boolean;
}

/** The level of the segments that it makes next. One whose speed is not known yet goes on. */
export function nextLevel(
  rungs: Rungs,
  { level, leadSeconds, hasViewer, isWarm, isOpening }: AtWork,
  nowMs: number,
): { readonly rungs: Rungs; readonly next: number } {
  if (rungs.failure !== undefined || (!isWarm && !hasViewer)) return { rungs, next: level };
  const opened = isOpening && hasViewer ? climbAtFirst(rungs, level, leadSeconds, nowMs) : level;
  if (opened < level) {
    return {
      rungs: changed({ ...rungs, watchedLevel: opened }, level, opened, nowMs),
      next: opened,
    };
  }
  const isSettled = nowMs - rungs.changedAtMs >= SETTLES_MS;
  const asked = isSettled ? askedLevel(rungs, nowMs) : level;
  const watched = isWarm ? choose(rungs, level, leadSeconds, nowMs) : level;
  const next = hasViewer ? watched : asked;
  const watching = hasViewer ? { ...rungs, watchedLevel: next } : rungs;
  return { rungs: next === level ? watching : changed(watching, level, next, nowMs), next };
}

/** From the opening rung to the one that keeps up for long, unless that was left a moment ago. */
function climbAtFirst(rungs: Rungs, level: number, leadSeconds: number, nowMs: number): number {
  if (!rungs.isAuto) return level;
  const speeds = speedsOf(rungs, nowMs).map((speed, each) =>
    wasLeftSlow(rungs, each, nowMs) ? 0 : speed,
  );
  const sustained = firstLevel(speeds, networksIn(rungs.ladder));
  const speed = speeds[sustained];
  return sustained < level && speed !== undefined && paysForClimb(leadSeconds, speed)
    ? sustained
    : level;
}

/** Nobody sees it come back sooner. */
const SLOW_FOR_MS = 60_000;

function wasLeftSlow({ known }: Rungs, level: number, nowMs: number): boolean {
  const { leftAtMs = -Infinity, falls = 0 } = known[level] ?? {};
  return falls > 0 && nowMs - leftAtMs < SLOW_FOR_MS;
}

function choose(rungs: Rungs, level: number, leadSeconds: number, nowMs: number): number {
  const { ladder, known, changedAtMs } = rungs;
  return chooseLevel({
    ...{ levels: ladder.length, level, leadSeconds },
    speeds: speedsAround(rungs, level, nowMs),
    measured: ladder.map((_, each) => known[each]?.speed),
    leftSeconds: ladder.map((_, each) => (nowMs - (known[each]?.leftAtMs ?? -Infinity)) / 1_000),
    sinceChangeSeconds: (nowMs - changedAtMs) / 1_000,
  });
}

function changed(rungs: Rungs, from: number, to: number, nowMs: number): Rungs {
  const { falls = 0 } = rungs.known[from] ?? {};
  const left = { leftAtMs: nowMs, falls: to > from ? falls + 1 : falls };
  return { ...withKnown(rungs, from, left), changedAtMs: nowMs };
}

/**
 * As `speedsOf`, where `level` is at work: what slows that down slows down the others, too, but not many faces those that
 * leave faces as they are.
 */
function speedsAround(rungs: Rungs, level: number, nowMs: number): readonly (number | undefined)[] {
  const [is, was] = [freshSpeed(rungs, level, nowMs), rungs.ladder[level]?.expectedSpeed];
  const share = is === undefined || was === undefined ? 1 : Math.min(1, is / was);
  const isAlike = ({ rung }: Ladder[number]): boolean =>
    rung.faces !== undefined || rungs.ladder[level]?.rung.faces === undefined;
  return rungs.ladder.map(
    (rung, each) =>
      freshSpeed(rungs, each, nowMs) ??
      (rung.expectedSpeed && rung.expectedSpeed * (isAlike(rung) ? share : 1)),
  );
}
