import type { Clock, Log } from "@upreel/core";
import type { DiskRecords } from "./records/disk-records.ts";
import type { HeldLease } from "./records/stream-leases.ts";
import type { StreamPaths } from "./records/stream-paths.ts";

/** What a film file holds, counted by reading all of it (ffprobe, in another package). */
export interface PictureCount {
  readonly frames: number;
  readonly durationSeconds: number;
  readonly startSeconds: number;
}
export type CountPictures = (file: string, signal: AbortSignal) => Promise<PictureCount>;

/** Bytes that can still be written below `folder`. */
export type FreeBytes = (folder: string) => Promise<number>;

/** What folders of streams work with. */
export interface FolderParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly countPictures: CountPictures;
  /** Free space below a folder; the disk's own answer by default. */
  readonly freeBytes?: FreeBytes;
}

export interface FolderOptions {
  readonly dataDir: string;
  /** Segments that live.m3u8 lists. */
  readonly listSize: number;
}

/** What one of them works with. */
export interface StreamFolderParts extends Required<FolderParts>, FolderOptions {
  readonly paths: StreamPaths;
  readonly isArchiveTaken: (path: string, id: string) => boolean;
  readonly records: DiskRecords;
  /** Whether its folders are there. */
  readonly isMade: boolean;
  /** Of this gateway among several. */
  readonly lease?: HeldLease | undefined;
}
