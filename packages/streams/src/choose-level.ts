/** Below this lead a stall is near: 3 segments of 2 s, what players want to have buffered. */
const LOW_LEAD_SECONDS = 6;
/** Below this one it is there, whatever else speaks against a change. */
const URGENT_LEAD_SECONDS = 3;
/** Above this lead something better is tried. The band between keeps it from flapping. */
const HIGH_LEAD_SECONDS = 30;
/** Film seconds a second that counts as keeping up. */
const ENOUGH_SPEED = 1.05;
/** What follows from a change is not known sooner. */
const CHANGE_EVERY_SECONDS = 10;
/** Nobody sees the picture change back and forth: what was left is not taken up sooner. */
const BACK_AFTER_SECONDS = 60;
/** How slow a rung may turn out to be that was never measured here. */
const UNMEASURED_SPEED = 0.5;

export interface LadderView {
  /** Rungs, best first; the last one is the plain scaler. */
  readonly levels: number;
  readonly level: number;
  /** Film seconds a second by level, as far as they are known; undefined: not at all. */
  readonly speeds: readonly (number | undefined)[];
  /** What was measured here last, however long ago. */
  readonly measured: readonly (number | undefined)[];
  /** Seconds since each level was left; undefined: it never was. */
  readonly leftSeconds: readonly (number | undefined)[];
  /** Since the last change of all. */
  readonly sinceChangeSeconds: number;
  /** Seconds ready beyond the playhead. */
  readonly leadSeconds: number;
}

/**
 * The rung for the next segments of a film that somebody watches, whose speed is known. Down when the
 * lead is short and the rung does not keep up: to the best one known to, else one step. Up one step to
 * what is not known to be too slow, when the lead pays for a minute of it.
 */
export function chooseLevel(view: LadderView): number {
  const { level, speeds, leadSeconds } = view;
  if (view.sinceChangeSeconds < CHANGE_EVERY_SECONDS) return level;
  const speed = speeds[level];
  if (leadSeconds < LOW_LEAD_SECONDS)
    return speed === undefined || speed >= ENOUGH_SPEED ? level : lower(view, speed);
  return leadSeconds > HIGH_LEAD_SECONDS && level > 0 && mayClimb(view) ? level - 1 : level;
}

function lower(
  { level, levels, speeds, leftSeconds, leadSeconds }: LadderView,
  speed: number,
): number {
  for (let next = level + 1; next < levels; next++) {
    const known = speeds[next];
    const isBack = (leftSeconds[next] ?? Infinity) < BACK_AFTER_SECONDS;
    if (isBack && leadSeconds >= URGENT_LEAD_SECONDS) continue;
    if (known === undefined || known >= ENOUGH_SPEED) return next;
  }
  const best = fastestOf(speeds);
  return best > level && (speeds[best] ?? 0) > speed ? best : level;
}

function mayClimb({ level, speeds, measured, leftSeconds, leadSeconds }: LadderView): boolean {
  const better = level - 1;
  if ((leftSeconds[better] ?? Infinity) < BACK_AFTER_SECONDS) return false;
  if ((speeds[better] ?? ENOUGH_SPEED) < ENOUGH_SPEED) return false;
  const worst = measured[better] ?? speeds[better] ?? UNMEASURED_SPEED;
  return leadSeconds - LOW_LEAD_SECONDS >= BACK_AFTER_SECONDS * (1 - Math.min(1, worst));
}

/** The best rung that is not known to be slower than that. */
const bestLevel = (
  speeds: readonly (number | undefined)[],
  wantedSpeed: number,
): number | undefined => {
  const level = speeds.findIndex((speed) => speed === undefined || speed >= wantedSpeed);
  return level >= 0 ? level : undefined;
};

/**
 * The rung to begin with: the best network that keeps up, with something to spare where one does; the
 * plain scaler below them only where none does.
 */
export function firstLevel(
  speeds: readonly (number | undefined)[],
  networks = speeds.length,
): number {
  const upscaling = speeds.slice(0, networks);
  return bestLevel(upscaling, 1.25) ?? bestLevel(upscaling, ENOUGH_SPEED) ?? fastestOf(speeds);
}

/**
 * Film seconds a second at which a stream that somebody watches is made: by the best rung that keeps
 * up, else by the fastest. Undefined when that one was not measured.
 */
export function watchedSpeed(speeds: readonly (number | undefined)[]): number | undefined {
  const level = bestLevel(speeds, 1);
  return level === undefined ? Math.max(...speeds.map((speed) => speed ?? 0)) : speeds[level];
}

/** Film seconds a second at which a first segment is there in half a second: nobody notices that it could be sooner. */
const QUICK_SPEED = 5;

/**
 * The rung for the first segments of a run that somebody waits for: of those that keep up the best one that is quick,
 * else the fastest network. `sustained`: the one that goes on.
 */
export function openingLevel(
  speeds: readonly (number | undefined)[],
  networks: number,
  sustained: number,
): number {
  if (sustained >= networks) return sustained;
  // Nothing is known of this machine yet: the last network asks least of it.
  if (speeds[sustained] === undefined) return networks - 1;
  let best = sustained;
  for (let level = sustained; level < networks; level++) {
    const [speed, most] = [speeds[level] ?? 0, speeds[best] ?? Infinity];
    if (most >= QUICK_SPEED) break;
    if (speed > most) best = level;
  }
  return best;
}

/**
 * Whether a run may leave its opening rung for one of `speed`, as foreseen: with a lead that lasts for a minute should
 * somebody take half of the machine.
 */
export const paysForClimb = (leadSeconds: number, speed: number): boolean =>
  leadSeconds - LOW_LEAD_SECONDS >= BACK_AFTER_SECONDS * (1 - Math.min(1, speed / 2));

export function fastestOf(speeds: readonly (number | undefined)[]): number {
  let best = 0;
  for (const [each, speed] of speeds.entries()) {
    if ((speed ?? 0) > (speeds[best] ?? 0)) best = each;
  }
  return best;
}
