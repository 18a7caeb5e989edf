import { nightOf, type Hours } from "@upreel/core";

/** A time in which films are made, and how many have been begun in it. */
export interface Night {
  readonly name: string;
  begun: number;
}

const BY_HAND = "by hand";

/** The nights of `hours`, and those that are begun and ended by hand. */
export function createNights(hours: Hours, now: () => Date) {
  let isByHand = false;
  /** The night that was stopped by hand. */
  let stopped: string | undefined;
  let night: Night | undefined;

  return {
    /** Whose night it is; `undefined` when nothing may be made. `onNew`: it is another one than before. */
    current(onNew: () => void): Night | undefined {
      const name = isByHand ? BY_HAND : nightOf(hours, now());
      if (name === undefined || name === stopped) return undefined;
      if (night?.name !== name) {
        night = { name, begun: 0 };
        onNew();
      }
      return night;
    },
    /** Films begun in the last one. */
    begun: (): number => night?.begun ?? 0,
    start(): void {
      isByHand = true;
      stopped = undefined;
      if (night?.name === BY_HAND) night = undefined;
    },
    /** All is made of a night that was begun by hand. */
    endByHand(): void {
      isByHand = false;
    },
    stop(): void {
      isByHand = false;
      stopped = nightOf(hours, now());
    },
  };
}
