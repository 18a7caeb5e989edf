import type {
  SegmentSink,
  StreamFolder,
  StreamFolders,
  StreamRecord,
  StreamRecords,
} from "@upreel/core";
import { noSuchRun } from "./folder-runs.ts";
import {
  createOpenFolders,
  type OpenFolders,
  type OpenFoldersParts,
  type StreamFoldersOptions,
} from "./open-folders.ts";
import { recoverStreams } from "./recover-streams.ts";
import type { DiskStreamFolder } from "./stream-folder.ts";
import { streamPaths } from "./stream-paths.ts";
import { workBehind, type WorkBehindParts } from "./work-behind.ts";

export interface StreamFoldersParts extends OpenFoldersParts, WorkBehindParts {}

/** The folders of streams, their records for readers, and where runs leave their segments. */
export interface StoredStreams extends StreamFolders {
  readonly records: StreamRecords;
  readonly segments: SegmentSink;
}

/** Opens the folders of streams below `dataDir`. One process at a time may own a data folder. */
export function createStreamFolders(
  parts: StreamFoldersParts,
  options: StreamFoldersOptions,
): StoredStreams {
  const { log } = parts;
  const { dataDir } = options;
  const folders = createOpenFolders(parts, options);
  const { records } = folders;
  const later = workBehind(parts);

  /** Of a stream that was begun: nobody waits for its folder. */
  const moveIn = (record: StreamRecord): DiskStreamFolder => {
    const folder = folders.open(record, [], false);
    records.adopt(record);
    later(
      "the folder of a stream cannot be made now; it is when something is made of it",
      record.id,
      () => folder.moveIn(),
    );
    return folder;
  };

  return {
    records,
    segments: sinkOf(dataDir, folders.byId),
    recover: () => recoverStreams({ dataDir, log, folders, later, moveIn }),
    async create(record): Promise<StreamFolder> {
      await records.begin(record);
      return moveIn(record);
    },
  };
}

/** A run on this machine writes into the folder that is watched; what comes as bytes is put there. */
const sinkOf = (dataDir: string, folders: OpenFolders["byId"]): SegmentSink => ({
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
