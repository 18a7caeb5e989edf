import type { ModelSpeeds } from "./worker-timings.ts";

/** How fast the models are on this machine, measured in the background. */
export interface SpeedKeeper {
  /** The figures so far; before there are any, the first ones when they come. */
  current(): Promise<ModelSpeeds>;
  /** The figures so far. */
  known(): ModelSpeeds;
  /** Times what is new. */
  refresh(): void;
}

/** `measure` gives all figures; it is not called twice at a time. */
export function keepSpeeds(measure: () => Promise<ModelSpeeds>): SpeedKeeper {
  let known: ModelSpeeds | undefined;
  let last: Promise<ModelSpeeds> | undefined;
  let isAsked = false;

  async function run(): Promise<ModelSpeeds> {
    let speeds: ModelSpeeds = {};
    while (isAsked) {
      isAsked = false;
      // A model that is deleted meanwhile: the next time tells.
      speeds = await measure().catch(() => known ?? {});
      known = speeds;
    }
    last = undefined;
    return speeds;
  }

  return {
    current: async () => known ?? last ?? {},
    known: () => known ?? {},
    refresh() {
      isAsked = true;
      last ??= run();
    },
  };
}
