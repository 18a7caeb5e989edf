import { createWriteStream } from "node:fs";
import { realpath, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UpreelError, type StreamRecords } from "@upreel/core";
import { diskSpace, makeFolder } from "@upreel/files";
import type { Streams } from "@upreel/streams";
import { jobNameSchema } from "./transcode-order.ts";

/** Uploads that no job uses are deleted after so long. */
const OLD_MS = 24 * 3_600_000;
/** At a time. */
const MOST_FILES = 100;
/** Uploads leave so much of the disk to films. */
const SPARE_BYTES = 2e9;
/** An upload that brings nothing for so long is over. */
const SILENT_MS = 60_000;
/** The room is looked at after so many more bytes. */
const LOOK_EVERY_BYTES = 64 * 2 ** 20;

/** Films that came as bytes, one a name, each in a folder of its own. */
export interface BeamedFiles {
  /** That all are below. */
  readonly folder: string;
  has(name: string): boolean;
  pathOf(name: string): string;
  /** Keeps all of `bytes` under a name; gives how many they were. Throws `queue_full`, `disk_full`, `timeout`. */
  take(name: string, bytes: Readable): Promise<number>;
  drop(name: string): Promise<void>;
  /** Those that have been there for long. */
  old(): readonly string[];
}

/** Those of an earlier gateway are gone with its jobs. */
export async function openBeamedFiles(
  folder: string,
  {
    freeBytes = async () => (await diskSpace(folder)).freeBytes,
    lookEveryBytes = LOOK_EVERY_BYTES,
  } = {},
): Promise<BeamedFiles> {
  await remove(folder);
  await makeFolder(folder);
  /** When each was there whole. */
  const whole = new Map<string, number>();
  const coming = new Set<string>();
  const pathOf = (name: string): string => join(folder, jobNameSchema.parse(name), "input");

  async function requireRoom(): Promise<void> {
    const free = await freeBytes();
    if (free < SPARE_BYTES)
      throw new UpreelError("disk_full", "there is no room for this film", {
        expected: `${SPARE_BYTES} bytes free`,
        got: `${free} bytes free`,
      });
  }

  async function drop(name: string): Promise<void> {
    whole.delete(name);
    // One that is coming by that name stays: it is not what is dropped.
    await remove(coming.has(name) ? pathOf(name) : join(folder, name));
  }

  return {
    ...{ folder, pathOf, drop },
    has: (name) => whole.has(name),
    async take(name, bytes) {
      if (coming.has(name) || whole.size + coming.size >= MOST_FILES)
        throw new UpreelError("queue_full", "this film is being uploaded, or too many others are", {
          expected: `one upload at a time, and at most ${MOST_FILES} films`,
        });
      coming.add(name);
      const path = pathOf(name);
      const part = `${path}.tmp`;
      const silent = new AbortController();
      const timer = setTimeout(
        () => silent.abort(new UpreelError("timeout", "the upload stalled")),
        SILENT_MS,
      );
      try {
        await requireRoom();
        await makeFolder(join(folder, name));
        const onBytes = (): void => void timer.refresh();
        const look = lookAt({ requireRoom, lookEveryBytes, onBytes });
        const file = createWriteStream(part, { mode: 0o600 });
        // A request that were ended with it could not be answered why any more.
        const left = bytes.iterator({ destroyOnReturn: false });
        await pipeline(left, look, file, { signal: silent.signal });
        await rename(part, path);
        whole.set(name, Date.now());
        return (await stat(path)).size;
      } catch (thrown) {
        // An earlier one of that name is whole, and may be in use.
        await remove(whole.has(name) ? part : join(folder, name));
        throw silent.signal.aborted ? silent.signal.reason : thrown;
      } finally {
        clearTimeout(timer);
        coming.delete(name);
      }
    },
    old: () => [...whole].filter(([, atMs]) => Date.now() - atMs > OLD_MS).map(([name]) => name),
  };
}

const remove = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true, maxRetries: 3 });

/** Lets bytes through, and looks now and then whether there is room for more. */
const lookAt = (on: {
  readonly requireRoom: () => Promise<void>;
  readonly lookEveryBytes: number;
  readonly onBytes: () => void;
}) =>
  async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
    let sinceLook = 0;
    for await (const chunk of source) {
      on.onBytes();
      sinceLook += chunk.length;
      if (sinceLook >= on.lookEveryBytes) {
        sinceLook = 0;
        await on.requireRoom();
      }
      yield chunk;
    }
  };

/** Films of uploads that an earlier gateway had: their jobs and files are gone. */
export async function removeBeamedStreams(
  folder: string,
  { streams, records }: { readonly streams: Streams; readonly records: StreamRecords },
): Promise<void> {
  // As records have it: without links.
  const real = await realpath(folder);
  for (const id of streams.ids()) {
    const record = await records.read(id);
    if (record?.file.path.startsWith(`${real}/`) === true) await streams.remove(id);
  }
}
