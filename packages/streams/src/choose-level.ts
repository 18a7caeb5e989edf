/** Below this lead a stall is near: 3 segments of 2 s, what players want to have buffered. */
const LOW_LEAD_SECONDS = 6;
/** Above this lead something better is tried. The band between keeps it from flapping. */
const HIGH_LEAD_SECONDS = 30;
/** A better rung that is slower than real time must still last this long on the lead. */
const WORTHWHILE_SECONDS = 60;
/** Film seconds a second that counts as keeping up. */
const ENOUGH_SPEED = 1.05;

export interface LadderView {
  /** Rungs, best first; the last one is the plain scaler. */
  readonly levels: number;
  readonly level: number;
  /** Measured film seconds a second by level; undefined where not measured here. */
  readonly speeds: readonly (number | undefined)[];
  /** Seconds ready beyond the playhead. */
  readonly leadSeconds: number;
}

/**
 * The rung for the next segments of a film that somebody watches. Down when the lead is short and the rung does not keep up: to the
 * best one known to, else one step. Up one step when the lead is long enough to pay for it.
 */
export function chooseLevel(view: LadderView): number {
  const { level, levels, speeds, leadSeconds } = view;
  const speed = speeds[level];
  if (leadSeconds < LOW_LEAD_SECONDS) {
    if (speed === undefined || speed >= ENOUGH_SPEED) return level;
    for (let next = level + 1; next < levels; next++) {
      const known = speeds[next];
      if (known === undefined || known >= ENOUGH_SPEED) return next;
    }
    return (speeds[fastestOf(speeds)] ?? 0) > speed ? fastestOf(speeds) : level;
  }
  if (leadSeconds > HIGH_LEAD_SECONDS && level > 0) {
    const better = speeds[level - 1];
    if (better === undefined || better >= ENOUGH_SPEED) return level - 1;
    const lastsSeconds = (leadSeconds - LOW_LEAD_SECONDS) / (1 - better);
    return better < 1 && lastsSeconds < WORTHWHILE_SECONDS ? level : level - 1;
  }
  return level;
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

export function fastestOf(speeds: readonly (number | undefined)[]): number {
  let best = 0;
  for (const [each, speed] of speeds.entries()) {
    if ((speed ?? 0) > (speeds[best] ?? 0)) best = each;
  }
  return best;
}
