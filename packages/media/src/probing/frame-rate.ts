import { STANDARD_RATES, snapRate, toNumber, type Rational } from "@upreel/core";
import { lostPictures, type PictureRun } from "../packet-index/lost-pictures.ts";

export interface RateMeasurement {
  /** When the pictures of each piece are shown. */
  readonly runs: readonly PictureRun[];
  /** A tick of the file's clock: times are rounded to it. */
  readonly tickMicros: number;
  readonly isInterlaced: boolean;
  /** What the header claims; used only to tell neighbours like 24 and 23.976 apart. */
  readonly claimed: readonly (Rational | undefined)[];
}

/** A timeline has no more frames a second. */
const FASTEST: Rational = { num: 60, den: 1 };
/** Of so many pictures one may be lost: a film is not made at twice its rate for the sake of a splice. */
const PICTURES_PER_LOST_ONE = 2_000;
const LONGEST_MULTIPLE = 10;
/** What a higher rate must save of all pictures where none shows them all. */
const WORTH_A_HIGHER_RATE = 0.001;

/**
 * The timeline's rate: that of the film where its pictures keep one; else the smallest at which every
 * picture is shown, which for soft telecine (pictures that stand for two and three fields in turn) is
 * the rate of the film behind it, and for a varying rate what holds the fastest part. At most 60.
 */
export function chooseRate(measurement: RateMeasurement): Rational | undefined {
  const { claimed, isInterlaced } = measurement;
  const timed = measurement.runs.map((run) => ({ ...run, times: distinct(run.times) }));
  const usual = measureUsual(timed, measurement);
  if (usual === undefined) return firstSensible(claimed);
  // Two fields a picture; nothing is broadcast with more than 30 interlaced pictures a second.
  const isFields = isInterlaced && toNumber(usual.rate) > 40;
  const runs = isFields ? timed.map((run) => ({ ...run, times: everySecond(run.times) })) : timed;
  const rate = isFields ? { ...usual.rate, den: 2 * usual.rate.den } : usual.rate;

  const pictures = runs.reduce((sum, { times }) => sum + times.length, 0);
  const allowed = Math.floor(pictures / PICTURES_PER_LOST_ONE);
  const own = reduce(rate);
  const isFast = toNumber(own) > toNumber(FASTEST);
  const tidy = usual.isKept && !isFast ? [...standardsNear(own), own] : [];
  for (const near of tidy) if (lostPictures(runs, near, allowed) <= allowed) return near;
  const candidates = candidatesFrom(averageRate(runs), [own, ...claimed]);
  const losses: { readonly rate: Rational; readonly lost: number }[] = [];
  for (const candidate of candidates) {
    const best = losses.reduce(
      (least, { lost }) => Math.min(least, lost),
      Number.POSITIVE_INFINITY,
    );
    const lost = lostPictures(runs, candidate, best);
    if (lost <= allowed) return candidate;
    losses.push({ rate: candidate, lost });
  }
  const least = Math.min(...losses.map(({ lost }) => lost));
  const enough = least + pictures * WORTH_A_HIGHER_RATE;
  return losses.find(({ lost }) => lost <= enough)?.rate ?? FASTEST;
}

interface Usual {
  readonly rate: Rational;
  /** Nearly all pictures stand for one step, or for whole numbers of them. */
  readonly isKept: boolean;
}

/**
 * The usual step between pictures as a rate. The median finds it; in Matroska and FLV a tick is a
 * millisecond, so that 24 and 23.976 fps both have a median of 42 ms: the mean of many steps tells
 * them apart, and where too few pictures leave that open the header decides.
 */
function measureUsual(
  runs: readonly PictureRun[],
  measurement: RateMeasurement,
): Usual | undefined {
  const steps = Float64Array.from(runs.flatMap(({ times }) => stepsOf(times))).sort();
  const median = steps[Math.floor(steps.length / 2)];
  if (median === undefined) return undefined;
  const allowance = Math.max(measurement.tickMicros * 1.5, median * 0.1);
  let [near, whole, micros, frames] = [0, 0, 0, 0];
  for (const step of steps) {
    const multiple = Math.max(1, Math.round(step / median));
    if (Math.abs(step - multiple * median) > allowance * Math.min(multiple, 3)) continue;
    whole += 1;
    if (multiple === 1) near += 1;
    // How many frames fit into a long pause is too uncertain.
    if (multiple <= LONGEST_MULTIPLE) [micros, frames] = [micros + step, frames + multiple];
  }
  const mean = micros / frames;
  // All steps together are uncertain by one tick.
  const doubt = measurement.tickMicros / micros;
  return {
    rate: exactRate(1e6 / mean, doubt, measurement.claimed),
    isKept: near >= steps.length * 0.6 && whole >= steps.length * 0.95,
  };
}

/** The rate that a measured one stands for: a claimed or standard one where it can be that, else itself. */
function exactRate(
  measured: number,
  doubt: number,
  claimed: readonly (Rational | undefined)[],
): Rational {
  const isNear = (rate: Rational): boolean =>
    Math.abs(toNumber(rate) / measured - 1) <= Math.max(doubt, 1e-6);
  const claims = claimed.filter((claim) => claim !== undefined).map(tidyRate);
  const known = [
    ...claims.filter((claim) => STANDARD_RATES.some((rate) => isSame(rate, claim))),
    ...[snapRate(measured)],
    ...claims,
    ...[{ num: Math.round(measured), den: 1 }],
    ...[{ num: 1000 * Math.round(measured * 1.001), den: 1001 }],
  ];
  return known.find((rate) => rate.num > 0 && isNear(rate)) ?? tidyRate(fraction(measured));
}

/** The standard rate that a measured one may stand for where splices bend it: somewhat above, as a rule. */
const standardsNear = (rate: Rational): Rational[] =>
  STANDARD_RATES.filter((standard) => {
    const ratio = toNumber(standard) / toNumber(rate);
    return ratio > 1 - 1e-6 && ratio < 1.002;
  });

const isSame = (a: Rational, b: Rational): boolean => a.num * b.den === b.num * a.den;

/** A standard rate in place of one that only rounding tells from it, as `2997/100` is. */
function tidyRate(rate: Rational): Rational {
  const snapped = snapRate(toNumber(rate));
  return Math.abs(toNumber(rate) / toNumber(snapped) - 1) < 1e-4 ? snapped : reduce(rate);
}

/** Never below the measured rate: at a rate that is a little too low, a picture is lost now and then. */
const fraction = (value: number): Rational => ({ num: Math.ceil(value * 1001), den: 1001 });

function reduce({ num, den }: Rational): Rational {
  let [a, b] = [num, den];
  while (b > 0) [a, b] = [b, a % b];
  return { num: num / a, den: den / a };
}

/** Rates from the average one up to 60, the smallest first. */
function candidatesFrom(
  { rate, doubt }: { readonly rate: number; readonly doubt: number },
  others: readonly (Rational | undefined)[],
): Rational[] {
  const tidy = others.filter((other) => other !== undefined).map(tidyRate);
  const all = [...STANDARD_RATES, ...tidy].filter(
    (candidate) =>
      toNumber(candidate) >= rate * (1 - doubt) && toNumber(candidate) <= toNumber(FASTEST),
  );
  const unique = all.filter((a, at) => all.findIndex((b) => isSame(a, b)) === at);
  const sorted = unique.sort((a, b) => toNumber(a) - toNumber(b));
  return sorted.length === 0 ? [FASTEST] : sorted;
}

/** Pictures a second over all; where it begins and ends it is off by a step at most. */
function averageRate(runs: readonly PictureRun[]): { rate: number; doubt: number } {
  let steps = 0;
  let micros = 0;
  let longest = 0;
  for (const { times } of runs) {
    const own = stepsOf(times);
    steps += own.length;
    for (const step of own) [micros, longest] = [micros + step, Math.max(longest, step)];
  }
  return { rate: (steps * 1e6) / micros, doubt: Math.min(0.02, (longest * runs.length) / micros) };
}

function stepsOf(times: Float64Array): number[] {
  const steps: number[] = [];
  for (let i = 1; i < times.length; i++) steps.push((times[i] ?? 0) - (times[i - 1] ?? 0));
  return steps;
}

const distinct = (times: Float64Array): Float64Array =>
  times.filter((time, at) => at === 0 || time !== times[at - 1]);

const everySecond = (times: Float64Array): Float64Array => times.filter((_, at) => at % 2 === 0);

const firstSensible = (claims: readonly (Rational | undefined)[]): Rational | undefined => {
  const claim = claims.find((rate) => rate !== undefined && toNumber(rate) <= 240);
  if (claim === undefined) return undefined;
  const tidy = tidyRate(claim);
  return toNumber(tidy) > toNumber(FASTEST) ? FASTEST : tidy;
};
