import type { Reason, RunEnd, StreamRecord, Timeline } from "@upreel/core";

// The same shapes as the ports of the streams package, which the watcher may not import; the
// composition root hands one to the other, so the compiler checks that they match.

/** The folder of one stream on disk and the playlists made from it. */
export interface StreamFolder extends AsyncDisposable {
  readonly ready: ReadonlySet<number>;
  /** A trigger, or a player, asked for something of it now. */
  noteWanted(): void;
  /** When one last did, also before a restart; undefined: never. */
  readonly wantedAtMs: number | undefined;
  onPublished(listener: (segment: number) => void): () => void;
  whenReady(k: number, signal: AbortSignal): Promise<void>;
  runFolder(runId: string): string;
  watchRun(run: WatchedRun): RunWatch;
  setTimeline(timeline: Timeline): Promise<void>;
  discardFrom(k: number): Promise<void>;
  endBroadcast(): Promise<void>;
  restartBroadcast(startedAtMs: number): Promise<void>;
  /** live.m3u8 has its ENDLIST: it stays as it is until a new broadcast begins. */
  readonly isBroadcastOver: boolean;
  isOnAir(k: number): boolean;
  save(record: StreamRecord): Promise<void>;
  makeArchive(archive: ArchiveOrder): Promise<MadeArchive>;
  hasArchive(): Promise<boolean>;
  locate(k: number): Promise<SegmentLocation>;
  remove(): Promise<number>;
}

export interface ArchiveOrder {
  readonly title: string;
  readonly signal: AbortSignal;
}

export interface MadeArchive {
  /** Absolute. */
  readonly path: string;
  /** As `archiveOffsets` of the record; undefined when the segments must stay. */
  readonly offsets: readonly number[] | undefined;
}

/** `length` bytes of the file `path` from `start` on. */
export interface SegmentLocation {
  readonly path: string;
  readonly start: number;
  readonly length: number;
  readonly modifiedMs: number;
}

export interface WatchedRun {
  readonly runId: string;
  /** Folder of the run; it may not exist yet. */
  readonly folder: string;
  readonly timeline: Timeline;
  readonly fromSegment: number;
  readonly toSegment: number;
  /** Its segments take the place of those that are published; else they are left as they are. */
  readonly replaces?: boolean | undefined;
}

export interface RunWatch {
  finish(end: RunEnd): Promise<RunSummary>;
}

export interface RunSummary {
  readonly published: readonly number[];
  readonly rejected: readonly RejectedSegment[];
}

export interface RejectedSegment {
  readonly segment: number;
  readonly reason: Reason;
}

export interface RecoveredStream {
  readonly record: StreamRecord;
  readonly folder: StreamFolder;
}

export interface StreamFolders {
  recover(): Promise<readonly RecoveredStream[]>;
  create(record: StreamRecord): Promise<StreamFolder>;
}

export interface Clock {
  nowMs(): number;
}

export interface Log {
  debug(message: string, meta?: Record<string, unknown>): void;
  info(message: string, meta?: Record<string, unknown>): void;
  warn(message: string, meta?: Record<string, unknown>): void;
  error(message: string, meta?: Record<string, unknown>): void;
}

/** What a film file holds, counted by reading all of it (ffprobe, in another package). */
export interface PictureCount {
  readonly frames: number;
  readonly durationSeconds: number;
  readonly startSeconds: number;
}
export type CountPictures = (file: string, signal: AbortSignal) => Promise<PictureCount>;

/** Bytes that can still be written below `folder`. */
export type FreeBytes = (folder: string) => Promise<number>;
