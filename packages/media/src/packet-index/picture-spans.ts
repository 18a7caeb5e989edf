import type { Packet } from "./packet.ts";

export interface LongestSpans {
  /** The longest time from one picture that can be decoded by itself to the next. */
  readonly longestGroupMicros: number;
  /** The longest time from one picture that tells when it is shown to the next; 0 where all do. */
  readonly longestUntoldMicros: number;
}

/** Measures for how long the pictures of a track go without what only some of them have. */
export function createPictureSpans() {
  let keyMicros: number | undefined;
  let toldMicros: number | undefined;
  let longestGroupMicros = 0;
  let longestUntoldMicros = 0;
  let doAllTell = true;
  return {
    /** The next picture, in the order of the file; `isAnew`: the clock has jumped. */
    add({ isKey, ptsMicros }: Packet, shown: number, isAnew: boolean): void {
      if (isAnew) [keyMicros, toldMicros] = [shown, undefined];
      longestGroupMicros = Math.max(longestGroupMicros, shown - (keyMicros ?? shown));
      if (isKey) keyMicros = shown;
      if (ptsMicros === undefined) doAllTell = false;
      longestUntoldMicros = Math.max(longestUntoldMicros, shown - (toldMicros ?? shown));
      if (ptsMicros !== undefined) toldMicros = shown;
    },
    longest: (): LongestSpans => ({
      longestGroupMicros,
      longestUntoldMicros: doAllTell ? 0 : longestUntoldMicros,
    }),
  };
}
