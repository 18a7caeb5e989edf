import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  toUpreelError,
  type StreamRecord,
  type Clock,
  type Log,
  type RecoveredStream,
  type StreamFolder,
  type StreamFolders,
  type StreamRecords,
} from "@upreel/core";
import { errnoOf, freeBytes as diskFreeBytes, makeFolder, toDiskError } from "@upreel/files";
import type { CountPictures, FreeBytes } from "./ports.ts";
import { DiskRecords } from "./disk-records.ts";
import { deleteUnfinished, recoverStream } from "./recover-stream.ts";
import { DiskStreamFolder } from "./stream-folder.ts";
import { archiveFolder, streamPaths, streamsFolder, type StreamPaths } from "./stream-paths.ts";

export interface StreamFoldersParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly countPictures: CountPictures;
  /** Free space below a folder; the disk's own answer by default. */
  readonly freeBytes?: FreeBytes;
}

/** The folders of streams, and what lies in them for who only reads. */
export interface StoredStreams extends StreamFolders {
  readonly records: StreamRecords;
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

  records.subscribe((id, record) => {
    if (record?.archive === undefined) archives.delete(id);
    else archives.set(id, record.archive);
  });

  const isArchiveTaken = (path: string, id: string): boolean =>
    [...archives].some(([owner, archive]) => owner !== id && archive === path);

  const open = (record: StreamRecord, ready: readonly number[]): DiskStreamFolder => {
    const paths = streamPaths(dataDir, record.id);
    return new DiskStreamFolder(
      {
        clock,
        log,
        countPictures,
        freeBytes,
        dataDir,
        listSize,
        paths,
        isArchiveTaken,
        records,
      },
      record,
      ready,
    );
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
      const folder = open(found.record, found.ready);
      if (found.isChanged) await folder.save(found.record).catch(unsaved(id));
      await folder.resume();
      records.adopt(found.record);
      return { record: found.record, folder };
    } catch (error) {
      const { message } = toUpreelError(error);
      log.error("stream cannot be recovered", { stream: id, error: message });
      return undefined;
    }
  };

  return {
    records,
    async recover(): Promise<readonly RecoveredStream[]> {
      const recovered: RecoveredStream[] = [];
      for (const entry of await readFolder(streamsFolder(dataDir))) {
        if (entry.endsWith(".removed")) {
          await rm(join(streamsFolder(dataDir), entry), { recursive: true, force: true });
          continue;
        }
        const stream = await recoverOne(entry);
        if (stream !== undefined) recovered.push(stream);
      }
      await deleteUnfinished(archiveFolder(dataDir)).catch(ignoreMissing);
      return recovered;
    },

    async create(record: StreamRecord): Promise<StreamFolder> {
      const paths = streamPaths(dataDir, record.id);
      await makeFolders(paths).catch((error: unknown) => {
        throw toDiskError(error, paths.folder);
      });
      const folder = open(record, []);
      await folder.save(record);
      return folder;
    },
  };
}

async function makeFolders(paths: StreamPaths): Promise<void> {
  // What an unreadable record left behind may have been made with other settings.
  for (const path of [paths.runs, paths.segments, paths.live, paths.renditions]) {
    await rm(path, { recursive: true, force: true });
  }
  for (const path of [paths.segments, paths.runs]) await makeFolder(path);
}

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
