import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_EVERY_MS = 200;

/** What became of the segments on the disk. */
export interface SegmentWatch {
  /** Segments that got other bytes after they were published. */
  readonly madeTwice: readonly string[];
  /** Bytes below `streams/` that are not in a finished film, at their most. */
  readonly peakBytes: () => number;
  stop(): Promise<void>;
}

/** Looks at every published segment: a file that changes was made twice. */
export function watchSegments(dataDir: string): SegmentWatch {
  const stopping = new AbortController();
  const inodes = new Map<string, number>();
  const madeTwice: string[] = [];
  let peak = 0;
  const look = async (): Promise<void> => {
    let bytes = 0;
    for (const id of await readdir(join(dataDir, "streams")).catch(() => [])) {
      const folder = join(dataDir, "streams", id, "segments");
      for (const name of await readdir(folder).catch(() => [])) {
        const found = await stat(join(folder, name)).catch(() => undefined);
        if (found === undefined) continue;
        bytes += found.size;
        const key = `${id}/${name}`;
        const before = inodes.get(key) ?? found.ino;
        inodes.set(key, before);
        if (before !== found.ino) madeTwice.push(key);
      }
    }
    peak = Math.max(peak, bytes);
  };
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      await look();
      await sleep(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    madeTwice,
    peakBytes: () => peak,
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
