import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  toUpreelError,
  type StreamRecord,
  type Clock,
  type Log,
  type RecoveredStream,
  type SegmentSink,
  type StreamFolder,
  type StreamFolders,
  type StreamRecords,
} from "@upreel/core";
import { errnoOf, freeBytes as diskFreeBytes } from "@upreel/files";
import type { CountPictures, FreeBytes } from "./ports.ts";
import { DiskRecords } from "./disk-records.ts";
import { deleteUnfinished, recoverStream } from "./recover-stream.ts";
import { noSuchRun } from "./folder-runs.ts";
import { DiskStreamFolder } from "./stream-folder.ts";
import PQueue from "p-queue";
import { archiveFolder, streamPaths, streamsFolder } from "./stream-paths.ts";

const MOVES_AT_A_TIME = 2;
/** More would only wait for Node's four threads for files. */
const RECOVERED_AT_A_TIME = 8;

export interface StreamFoldersParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly countPictures: CountPictures;
  /** Free space below a folder; the disk's own answer by default. */
  readonly freeBytes?: FreeBytes;
  /** The folders of new streams are made when nobody waits for an answer; by default at once. */
  readonly whenAnswered?: () => Promise<void>;
}

/** The folders of streams, their records for readers, and where runs leave their segments. */
export interface StoredStreams extends StreamFolders {
  readonly records: StreamRecords;
  readonly segments: SegmentSink;
}

export interface StreamFoldersOptions {
  readonly dataDir: string;
  /** Segments that live.m3u8 lists. */
  readonly listSize: number;
}

/** Opens the folders of streams below `dataDir`. One process at a time may own a data folder. */
export function createStreamFolders(
  parts: StreamFoldersParts,
  { dataDir, listSize }: StreamFoldersOptions,
): StoredStreams {
  const { clock, log, countPictures, freeBytes = diskFreeBytes } = parts;
  const records = new DiskRecords(dataDir);
  /** Which stream has which archive. */
  const archives = new Map<string, string>();

  const folders = new Map<string, DiskStreamFolder>();

  records.subscribe((id, record) => {
    if (record === undefined) folders.delete(id);
    if (record?.archive === undefined) archives.delete(id);
    else archives.set(id, record.archive);
  });

  const isArchiveTaken = (path: string, id: string): boolean =>
    [...archives].some(([owner, archive]) => owner !== id && archive === path);

  const open = (
    record: StreamRecord,
    ready: readonly number[],
    isMade: boolean,
  ): DiskStreamFolder => {
    const paths = streamPaths(dataDir, record.id);
    const folder = new DiskStreamFolder(
      {
        ...{ clock, log, countPictures, freeBytes, dataDir, listSize },
        ...{ paths, isArchiveTaken, records, isMade },
      },
      record,
      ready,
    );
    folders.set(record.id, folder);
    return folder;
  };

  const later = workBehind(parts);
  /** Of a stream that was begun: nobody waits for its folder. */
  const moveIn = (record: StreamRecord): DiskStreamFolder => {
    const folder = open(record, [], false);
    records.adopt(record);
    later(
      "the folder of a stream cannot be made now; it is when something is made of it",
      record.id,
      () => folder.moveIn(),
    );
    return folder;
  };

  /** Not worth a stream: the next start finds the same again. */
  const unsaved =
    (id: string) =>
    (error: unknown): void =>
      log.error("a recovered record cannot be saved", {
        stream: id,
        error: toUpreelError(error).message,
      });

  const recoverOne = async (id: string): Promise<RecoveredStream | undefined> => {
    try {
      const found = await recoverStream(streamPaths(dataDir, id), id, log);
      if (found === undefined) return undefined;
      const folder = open(found.record, found.ready, true);
      if (found.isChanged) await folder.save(found.record).catch(unsaved(id));
      await folder.resume();
      records.adopt(found.record);
      if (found.record.state === "complete")
        later("what lies beside a finished film is not as it should be", id, () =>
          folder.tidyArchive(),
        );
      return { record: found.record, folder };
    } catch (error) {
      const { message } = toUpreelError(error);
      log.error("stream cannot be recovered", { stream: id, error: message });
      return undefined;
    }
  };

  /** Of a name in the folder of all streams. */
  async function recoverEntry(name: string): Promise<RecoveredStream | undefined> {
    if (!name.endsWith(".removed")) return recoverOne(name);
    await rm(join(streamsFolder(dataDir), name), { recursive: true, force: true });
    return undefined;
  }

  return {
    records,
    segments: sinkOf(dataDir, folders),
    async recover(): Promise<readonly RecoveredStream[]> {
      const entries = await readFolder(streamsFolder(dataDir));
      const queue = new PQueue({ concurrency: RECOVERED_AT_A_TIME });
      const found = await queue.addAll(entries.map((entry) => () => recoverEntry(entry)));
      const recovered = found.filter((stream) => stream !== undefined);
      const known = new Set(recovered.map(({ record }) => record.id));
      for (const record of await records.readBegun(log)) {
        if (known.has(record.id)) await records.done(record.id);
        else recovered.push({ record, folder: moveIn(record) });
      }
      await deleteUnfinished(archiveFolder(dataDir)).catch(ignoreMissing);
      return recovered;
    },

    async create(record: StreamRecord): Promise<StreamFolder> {
      await records.begin(record);
      return moveIn(record);
    },
  };
}

/** What is done in the folders of streams behind all that goes on, a few at a time. */
function workBehind({ log, whenAnswered }: Pick<StreamFoldersParts, "log" | "whenAnswered">) {
  const queue = new PQueue({ concurrency: MOVES_AT_A_TIME });
  /** `what`: is said where it fails. */
  return (what: string, stream: string, work: () => Promise<void>): void => {
    const done = queue.add(async () => {
      await whenAnswered?.();
      await work();
    });
    done.catch((error: unknown) => log.warn(what, { stream, error: toUpreelError(error).message }));
  };
}

/** A run on this machine writes into the folder that is watched; what comes as bytes is put there. */
const sinkOf = (dataDir: string, folders: ReadonlyMap<string, DiskStreamFolder>): SegmentSink => ({
  open: ({ streamId, runId }) => ({
    path: streamPaths(dataDir, streamId).run(runId),
    close: async () => undefined,
  }),
  async accept({ streamId, runId }, k, bytes) {
    const folder = folders.get(streamId);
    if (folder === undefined) throw noSuchRun(runId);
    await folder.accept(runId, k, bytes);
  },
});

async function readFolder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    ignoreMissing(error);
    return [];
  }
}

function ignoreMissing(error: unknown): void {
  if (errnoOf(error) !== "ENOENT") throw error;
}
