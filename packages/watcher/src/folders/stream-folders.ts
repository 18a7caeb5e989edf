import {
  streamElsewhere,
  type Leases,
  type SegmentSink,
  type StreamFolder,
  type StreamFolders,
  type StreamRecord,
  type StreamRecords,
} from "@upreel/core";
import { isThere } from "@upreel/files";
import { noSuchRun } from "../runs/folder-runs.ts";
import { createOpenFolders, type OpenFolders } from "./open-folders.ts";
import type { FolderOptions, FolderParts } from "../ports.ts";
import { createRecovery } from "./recover-streams.ts";
import type { DiskStreamFolder } from "./stream-folder.ts";
import { createStreamLeases, type HeldLease } from "../records/stream-leases.ts";
import { streamPaths } from "../records/stream-paths.ts";
import { workBehind, type WorkBehindParts } from "./work-behind.ts";

export interface StreamFoldersParts extends FolderParts, WorkBehindParts {
  /** Given if other gateways work in the same folder; without leases all streams belong to this one. */
  readonly leases?: Leases | undefined;
}

/** The folders of streams, their records for readers, and where runs leave their segments. */
export interface StoredStreams extends StreamFolders {
  readonly records: StreamRecords;
  readonly segments: SegmentSink;
}

/** Opens the folders of streams below `dataDir`: all of them, or those that `leases` give to this gateway. */
export function createStreamFolders(
  parts: StreamFoldersParts,
  options: FolderOptions,
): StoredStreams {
  const { log } = parts;
  const { dataDir } = options;
  const leases = createStreamLeases(dataDir, parts.leases);
  const folders = createOpenFolders(parts, options, leases);
  const { records } = folders;
  const later = workBehind(parts);

  /** Of a stream that was begun: nobody waits for its folder. */
  const moveIn = (record: StreamRecord): DiskStreamFolder => {
    const folder = folders.open(record, [], { isMade: false });
    records.adopt(record);
    later(
      "the folder of a stream cannot be made now; it is when something is made of it",
      record.id,
      () => folder.moveIn(),
    );
    return folder;
  };

  /** One of several gateways writes the records of new streams at once, since the others do not read its list. */
  const begin = async (record: StreamRecord, lease: HeldLease): Promise<StreamFolder> => {
    const { id } = record;
    const folder = folders.open({ ...record, fence: lease.fence }, [], { isMade: false, lease });
    try {
      await folder.save(record);
    } catch (error) {
      folders.letGo(id);
      await leases.release(id);
      throw error;
    }
    return folder;
  };

  // Any gateway may begin a deleted stream anew.
  records.subscribe((id, record) => {
    if (record === undefined) void leases.release(id);
  });

  return {
    records,
    segments: sinkOf(dataDir, folders.byId),
    ...createRecovery({ dataDir, log, leases, folders, later, moveIn, begin }),
    async create(record): Promise<StreamFolder> {
      const { id } = record;
      const lease = await leases.takeNew(id);
      if (lease !== undefined) {
        // Another gateway has begun it since this one looked for it, or it cannot be read now: what is made of it stays.
        if (await isThere(streamPaths(dataDir, id).record)) {
          await leases.release(id);
          throw streamElsewhere(id);
        }
        return begin(record, lease);
      }
      await records.begin(record);
      return moveIn(record);
    },
    async letGo(id) {
      folders.letGo(id);
      await leases.release(id);
    },
  };
}

/** A run on this machine writes into the folder that is watched; segments that come as bytes are put there. */
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
