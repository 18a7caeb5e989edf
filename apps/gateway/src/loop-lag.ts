import { monitorEventLoopDelay } from "node:perf_hooks";

type IntervalHistogram = ReturnType<typeof monitorEventLoopDelay>;

/** How late the event loop was within the last one to two minutes, in seconds. */
export interface LoopLag {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoopLagMeter extends Disposable {
  read(): LoopLag;
}

const WINDOW_MS = 60_000;
/** A timer of so long is what is measured: it says nothing of shorter stays. */
const RESOLUTION_MS = 10;

/** Measures how late timers are: for so long some piece of work had the thread for itself. */
export function createLoopLagMeter(windowMs = WINDOW_MS): LoopLagMeter {
  const open = (): IntervalHistogram => {
    const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    histogram.enable();
    return histogram;
  };
  let current = open();
  let before: IntervalHistogram | undefined;
  const turning = setInterval(() => {
    current.disable();
    before = current;
    current = open();
  }, windowMs);
  turning.unref();

  /** Of both windows the worse one; the histogram counts nanoseconds from one timer to the next. */
  const seconds = (of: (histogram: IntervalHistogram) => number): number => {
    const worst = [current, before]
      .filter((histogram) => histogram !== undefined && histogram.count > 0)
      .reduce((most, histogram) => Math.max(most, of(histogram!)), 0);
    return Math.max(0, worst / 1e9 - RESOLUTION_MS / 1e3);
  };
  return {
    read: () => ({
      p50: seconds((histogram) => histogram.percentile(50)),
      p99: seconds((histogram) => histogram.percentile(99)),
      max: seconds((histogram) => histogram.max),
    }),
    [Symbol.dispose]() {
      clearInterval(turning);
      current.disable();
    },
  };
}
