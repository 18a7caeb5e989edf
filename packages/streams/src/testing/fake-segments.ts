import { appendFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { segmentFileName, type StreamFolder } from "@upreel/core";

interface Slice {
  readonly start: number;
  readonly length: number;
}

/** What is stored of one stream: real files, which tests publish and archive when they like. */
export interface FakeSegments {
  readonly ready: ReadonlySet<number>;
  publish(segment: number, content: Buffer): Promise<void>;
  /** What is published becomes slices of the file `path`. */
  archive(path: string): Promise<void>;
  writeFile(name: string, content: string): Promise<void>;
  waiterCount(): number;
  /** As the streams hand it out; `noteLocated` is called when a segment was located and is not opened yet. */
  asFolder(hooks: {
    readonly noteWanted: () => void;
    readonly noteLocated: () => Promise<void>;
  }): StreamFolder;
}

export function createFakeSegments(folder: string): FakeSegments {
  const segments = join(folder, "segments");
  const ready = new Set<number>();
  /** Who is told of published segments, and of live playlists. */
  const [waiters, readers] = [new Set<() => void>(), new Set<() => void>()];
  let archived: { path: string; slices: ReadonlyMap<number, Slice> } | undefined;

  async function locate(segment: number) {
    const path = archived?.path ?? join(segments, segmentFileName(segment));
    const { size, mtimeMs } = await stat(path);
    const slice = archived?.slices.get(segment) ?? { start: 0, length: -1 };
    const length = archived === undefined ? size : slice.length;
    return { path, start: slice.start, length, modifiedMs: mtimeMs };
  }

  return {
    ready,
    async publish(segment, content) {
      await mkdir(segments, { recursive: true });
      await writeFile(join(segments, segmentFileName(segment)), content);
      ready.add(segment);
      for (const listener of waiters) listener();
    },
    async archive(path) {
      const slices = new Map<number, Slice>();
      let start = 0;
      for (const k of [...ready].toSorted((a, b) => a - b)) {
        const bytes = await readFile(join(segments, segmentFileName(k)));
        await appendFile(path, bytes);
        slices.set(k, { start, length: bytes.length });
        start += bytes.length;
      }
      archived = { path, slices };
      await rm(segments, { recursive: true });
    },
    async writeFile(name, content) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), content);
      for (const listener of readers) listener();
    },
    waiterCount: () => waiters.size,
    asFolder: ({ noteWanted, noteLocated }) => ({
      ...NOT_FAKED,
      ...{ ready, noteWanted },
      onPublished: (listener) => listen(waiters, () => listener(0)),
      onListed: (listener) => listen(readers, listener),
      async locate(segment) {
        const found = await locate(segment);
        await noteLocated();
        return found;
      },
      lengthOf: async (segment) => (await locate(segment)).length,
    }),
  };
}

function listen(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const notFaked = (): never => {
  throw new Error("not faked");
};

/** What runs do to a folder: there are none here. */
const NOT_FAKED = {
  wantedAtMs: undefined,
  watchRun: notFaked,
  setTimeline: notFaked,
  discardFrom: notFaked,
  endBroadcast: notFaked,
  isOnAir: notFaked,
  restartBroadcast: notFaked,
  isBroadcastOver: false,
  save: notFaked,
  makeArchive: notFaked,
  hasArchive: notFaked,
  remove: notFaked,
  [Symbol.asyncDispose]: async () => undefined,
} satisfies Partial<StreamFolder>;
