import type { RungMeasurement } from "@upreel/core";

type Measurements = readonly RungMeasurement[];

/** What the models can do on this machine, measured in the background. */
export interface MeasurementKeeper {
  /** The figures so far; before there are any, the first ones when they come. */
  current(): Promise<Measurements>;
  /** The figures so far. */
  known(): Measurements;
  /** Measures what is new. */
  refresh(): void;
}

/** `measure` gives all figures; it is not called twice at a time. */
export function keepMeasurements(measure: () => Promise<Measurements>): MeasurementKeeper {
  let known: Measurements | undefined;
  let last: Promise<Measurements> | undefined;
  let isAsked = false;

  async function run(): Promise<Measurements> {
    let measured: Measurements = [];
    while (isAsked) {
      isAsked = false;
      // A model that is deleted meanwhile: the next time tells.
      measured = await measure().catch(() => known ?? []);
      known = measured;
    }
    last = undefined;
    return measured;
  }

  return {
    current: async () => known ?? last ?? [],
    known: () => known ?? [],
    refresh() {
      isAsked = true;
      last ??= run();
    },
  };
}
