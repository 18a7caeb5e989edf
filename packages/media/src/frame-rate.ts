import { snapRate, toNumber, type Rational } from "@upreel/core";

export interface RateMeasurement {
  /** PTS (or DTS where the format has no PTS) of the first packets, in ticks of `timeBase`. */
  readonly ticks: readonly number[];
  readonly timeBase: Rational;
  readonly isInterlaced: boolean;
  /** What the header claims; used only to tell neighbours like 24 and 23.976 apart. */
  readonly claimed: readonly (Rational | undefined)[];
}

/**
 * The timeline's rate: the usual step between pictures, snapped to a standard rate.
 *
 * The median finds the usual step also where the rate varies. In Matroska and FLV a tick is a
 * millisecond, so that 24 and 23.976 fps both have a median of 42 ms: the mean of the steps near the
 * median tells them apart, and where too few packets leave that open the header decides.
 */
export function measureRate(measurement: RateMeasurement): Rational | undefined {
  const sorted = [...new Set(measurement.ticks)].sort((a, b) => a - b);
  const steps = sorted.slice(1).map((tick, i) => tick - (sorted[i] ?? tick));
  const median = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)];
  if (median === undefined) return firstSensible(measurement.claimed);

  const near = steps.filter((step) => Math.abs(step - median) <= Math.max(1, median * 0.15));
  const mean = near.reduce((sum, step) => sum + step, 0) / near.length;
  let rate = measurement.timeBase.den / (mean * measurement.timeBase.num);
  // Two fields a picture; nothing is broadcast with more than 30 interlaced pictures a second.
  const isFields = measurement.isInterlaced && rate > 40;
  if (isFields) rate /= 2;

  // One tick of doubt over all steps together.
  const doubt = 1 / (near.length * mean);
  for (const claim of measurement.claimed) {
    if (claim === undefined) continue;
    const snapped = snapRate(toNumber(claim));
    const isStandard = Math.abs(toNumber(claim) / toNumber(snapped) - 1) < 1e-4;
    if (isStandard && Math.abs(toNumber(snapped) / rate - 1) <= doubt) return snapped;
  }
  return snapRate(rate);
}

const firstSensible = (claims: readonly (Rational | undefined)[]): Rational | undefined => {
  const claim = claims.find((rate) => rate !== undefined && toNumber(rate) <= 240);
  return claim === undefined ? undefined : snapRate(toNumber(claim));
};
