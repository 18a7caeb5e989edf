import type { Entry } from "./playback.ts";

/** Where playbacks go when their streams fail. */
export function keepWaysBack(entries: ReadonlyMap<string, Entry>, changed: () => void) {
  const waysBack = new Map<string, Promise<string | undefined>>();
  return {
    /** Remembers it once `found` tells. */
    keepWayBack(playSessionId: string, found: Promise<string | undefined>): void {
      waysBack.set(playSessionId, found);
      void found.then((url) => {
        waysBack.delete(playSessionId);
        const entry = entries.get(playSessionId);
        if (entry === undefined || url === undefined) return;
        entry.wayBack = url;
        changed();
      });
    },
    wayBackOf: async (playSessionId: string): Promise<string | undefined> =>
      (await waysBack.get(playSessionId)) ?? entries.get(playSessionId)?.wayBack,
  };
}
