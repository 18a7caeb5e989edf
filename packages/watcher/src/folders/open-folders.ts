import type { StreamRecord } from "@upreel/core";
import { freeBytes as diskFreeBytes } from "@upreel/files";
import { DiskRecords } from "../records/disk-records.ts";
import type { FolderOptions, FolderParts } from "../ports.ts";
import { DiskStreamFolder } from "./stream-folder.ts";
import type { HeldLease } from "../records/stream-leases.ts";
import { streamPaths } from "../records/stream-paths.ts";

/** The folders of streams that are open, and the records that say which there are. */
export interface OpenFolders {
  readonly records: DiskRecords;
  readonly byId: ReadonlyMap<string, DiskStreamFolder>;
  open(record: StreamRecord, ready: readonly number[], how: HowOpened): DiskStreamFolder;
  /** The stream is no longer open here, but still exists. */
  letGo(id: string): void;
}

interface HowOpened {
  /** The folder is on the disk. */
  readonly isMade: boolean;
  /** The lease of this gateway, if there are several. */
  readonly lease?: HeldLease | undefined;
}

export function createOpenFolders(
  { clock, log, countPictures, freeBytes = diskFreeBytes }: FolderParts,
  { dataDir, listSize }: FolderOptions,
  how: { readonly isShared: boolean },
): OpenFolders {
  const records = new DiskRecords(dataDir, how);
  /** The archive of each stream. */
  const archives = new Map<string, string>();
  const folders = new Map<string, DiskStreamFolder>();

  records.subscribe((id, record) => {
    if (record === undefined) folders.delete(id);
    if (record?.archive === undefined) archives.delete(id);
    else archives.set(id, record.archive);
  });

  const isArchiveTaken = (path: string, id: string): boolean =>
    [...archives].some(([owner, archive]) => owner !== id && archive === path);

  return {
    records,
    byId: folders,
    open(record, ready, { isMade, lease }) {
      const paths = streamPaths(dataDir, record.id);
      const folder = new DiskStreamFolder(
        {
          ...{ clock, log, countPictures, freeBytes, dataDir, listSize },
          ...{ paths, isArchiveTaken, records, isMade, lease },
        },
        record,
        ready,
      );
      folders.set(record.id, folder);
      return folder;
    },
    letGo(id) {
      folders.delete(id);
      archives.delete(id);
      records.letGo(id);
    },
  };
}
