import type { StreamRecord, Reason } from "../stream/stream.ts";
import type { Timeline } from "../film/timeline.ts";
import type { RunEnd } from "../run/worker-messages.ts";

/** The folder of one stream on disk and the playlists made from it; owned by the watcher. */
export interface StreamFolder extends AsyncDisposable {
  /** Segments that are published: checked, fsynced and under their final name. */
  readonly ready: ReadonlySet<number>;
  /** A trigger, or a player, asked for something of it now. */
  noteWanted(): void;
  /** When one last did, also before a restart; undefined: never. */
  readonly wantedAtMs: number | undefined;
  /** Called after a segment is published (or found at recovery). Returns the unsubscribe function. */
  onPublished(listener: (segment: number) => void): () => void;
  /** Called after live.m3u8 got another text. Returns the unsubscribe function. */
  onListed(listener: () => void): () => void;
  /**
   * Starts to check and publish what a run writes into its folder, which may be written to when it
   * settles. Throws `disk_full` and `disk_read_only` where the stream has no folder yet and gets none.
   */
  watchRun(run: WatchedRun): Promise<RunWatch>;
  /** The timeline got known, or shorter (a truncated source). Starts the live playlist. */
  setTimeline(timeline: Timeline): Promise<void>;
  /** Deletes the segments from `k` on, and what was made beside them: they are of another timeline. */
  discardFrom(k: number): Promise<void>;
  /** No more segments will come (failed, cancelled): live.m3u8 ends with what is published. */
  endBroadcast(): Promise<void>;
  /** A new broadcast begins now: after a cancelled or failed stream is triggered again. */
  restartBroadcast(startedAtMs: number): Promise<void>;
  /** live.m3u8 has its ENDLIST: it stays as it is until a new broadcast begins. */
  readonly isBroadcastOver: boolean;
  /** Whether live.m3u8 lists segment `k`, did a moment ago, or soon will. */
  isOnAir(k: number): boolean;
  /**
   * On the disk when it settles. Once a complete record tells where each segment lies in its archive,
   * the segments' own files are deleted; their URLs are slices of the archive from then on.
   */
  save(record: StreamRecord): Promise<void>;
  /** Joins the segments in order, verifies and publishes them. Throws `archive_invalid` or `disk_full`. */
  makeArchive(order: ArchiveOrder): Promise<MadeArchive>;
  /**
   * Whether the record's archive is there and unchanged. When it is not, the segments that only it
   * held are not `ready` any more.
   */
  hasArchive(): Promise<boolean>;
  /**
   * Where the bytes of a published segment lie now: in a file of its own, or in the archive. Throws
   * `segment_not_found`, or `archive_gone` when somebody deleted or changed the archive.
   */
  locate(k: number): Promise<SegmentLocation>;
  /** Bytes of a published segment. Of a finished film they are known without a look at the disk. Throws as `locate` does. */
  lengthOf(k: number): Promise<number>;
  /** Deletes everything of this stream, the archive included. Returns the bytes freed. */
  remove(): Promise<number>;
}

export interface ArchiveOrder {
  readonly title: string;
  /** Each segment is to have sound from its start to its end. */
  readonly hasSound?: boolean | undefined;
  readonly signal: AbortSignal;
}

export interface MadeArchive {
  /** Absolute. */
  readonly path: string;
  /** As `archiveOffsets` of the record; undefined when the segments must stay. */
  readonly offsets: readonly number[] | undefined;
  /** Segments that do not hold sound from their start to their end, in order, though the film has sound. */
  readonly soundless: readonly number[];
}

/** `length` bytes of the file `path` from `start` on. */
export interface SegmentLocation {
  readonly path: string;
  readonly start: number;
  readonly length: number;
  /** Of the file. */
  readonly modifiedMs: number;
}

export interface WatchedRun {
  readonly runId: string;
  readonly timeline: Timeline;
  readonly fromSegment: number;
  readonly toSegment: number;
  /** Its segments take the place of those that are published; else they are left as they are. */
  readonly replaces?: boolean | undefined;
  /** Each of its segments must hold sound from its start to its end. */
  readonly hasSound?: boolean | undefined;
}

export interface RunWatch {
  /**
   * The worker has ended: checks and publishes what is left, then deletes the run folder. Segments
   * past `frames` and half-made ones are never published.
   */
  finish(end: RunEnd): Promise<RunSummary>;
}

export interface RunSummary {
  readonly published: readonly number[];
  /** Segments that were written but did not pass the check. */
  readonly rejected: readonly RejectedSegment[];
  /** Whole segments of it that another run had published before; absent: not known. */
  readonly doubled?: readonly number[] | undefined;
  /** Of `published`: those that another gateway had published, in its last moment as the owner; absent: not known. */
  readonly byOtherGateway?: readonly number[] | undefined;
}

export interface RejectedSegment {
  readonly segment: number;
  readonly reason: Reason;
}

export interface RecoveredStream {
  readonly record: StreamRecord;
  readonly folder: StreamFolder;
}

/** What came of reaching for a stream that lies on the disk. */
export type ReachedStream =
  | { readonly kind: "found"; readonly stream: RecoveredStream }
  /** Another gateway has it. */
  | { readonly kind: "other"; readonly address: string }
  /** Whose it is cannot be told now. */
  | { readonly kind: "unknown" }
  | { readonly kind: "none" };

/** Opens stream folders. */
export interface StreamFolders {
  /**
   * Reads the data folder: leftovers of runs are deleted, published segments are taken over. Of several gateways each
   * does that with those that it can take and has not opened yet. `onFound` is told of each as soon as it is open.
   */
  recover(onFound?: (stream: RecoveredStream) => void): Promise<readonly RecoveredStream[]>;
  /** The same of one stream, which is not open here. */
  reach(id: string): Promise<ReachedStream>;
  /** Throws `stream_elsewhere` where another gateway has it, `leases_away` where that cannot be told. */
  create(record: StreamRecord): Promise<StreamFolder>;
  /** It is open here no longer: it is another gateway's, or nobody's. Its folder is closed by then. */
  letGo(id: string): Promise<void>;
}
