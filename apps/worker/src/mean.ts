/** Weight of the newest quarter second in the end: about two seconds of memory. */
const SMOOTHING = 0.12;

/** Of values that come four times a second: at first of all alike, then of the last ones. */
export function createMean(): (value: number) => number {
  let [mean, count] = [0, 0];
  return (value) => {
    count += 1;
    mean += Math.max(SMOOTHING, 1 / count) * (value - mean);
    return mean;
  };
}
