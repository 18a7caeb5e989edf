import { FARM_LOST_MS, FARM_SUSPECTED_MS } from "@upreel/core";

/** How long a machine has said nothing. */
export function createSilence() {
  let silentMs = 0;
  return {
    heard: () => void (silentMs = 0),
    pass: (elapsedMs: number) => void (silentMs += elapsedMs),
    get isSuspected(): boolean {
      return silentMs >= FARM_SUSPECTED_MS;
    },
    get isLost(): boolean {
      return silentMs >= FARM_LOST_MS;
    },
  };
}
