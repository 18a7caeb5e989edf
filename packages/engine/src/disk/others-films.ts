import { stat } from "node:fs/promises";
import { finishedBeside } from "@upreel/watcher";
import type { StoredStream } from "./plan-eviction.ts";

/** Each record of the folder is read: not at each look at the disk. */
const KNOWN_MS = 60_000;

/** Finished films of other gateways of the same data folder, as they lie there. `isFresh`: as they are now. */
export function createOthersFilms(
  dataDir: string,
  ownIds: () => readonly string[],
  nowMs: () => number,
): (isFresh: boolean) => Promise<readonly StoredStream[]> {
  let known: readonly StoredStream[] = [];
  let readAtMs = Number.NEGATIVE_INFINITY;

  async function read(): Promise<readonly StoredStream[]> {
    const found: StoredStream[] = [];
    for (const { record, wantedAtMs } of await finishedBeside(dataDir, new Set(ownIds()))) {
      const { id, pinned = false, archive } = record;
      const file = await stat(archive).catch(() => undefined);
      found.push({
        ...{ id, state: "complete", isPinned: pinned, viewers: 0 },
        ...{ wantedAtMs: wantedAtMs ?? 0, archiveBytes: file?.size ?? 0 },
      });
    }
    return found;
  }

  return async (isFresh) => {
    if (!isFresh && nowMs() - readAtMs < KNOWN_MS) return known;
    readAtMs = nowMs();
    known = await read();
    return known;
  };
}
