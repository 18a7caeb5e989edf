import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  UpreelError,
  segmentCount,
  segmentFileName,
  segmentFrames,
  type StreamRecord,
  type Timeline,
  type ArchiveOrder,
  type Clock,
  type Log,
  type MadeArchive,
  type RunWatch,
  type SegmentLocation,
  type StreamFolder,
  type WatchedRun,
} from "@upreel/core";
import { LiveBroadcast } from "./broadcast.ts";
import { makeArchive } from "./make-archive.ts";
import type { CountPictures, FreeBytes } from "./ports.ts";
import type { DiskRecords } from "./disk-records.ts";
import { elsewhere, type HeldLease } from "./stream-leases.ts";
import { FolderRuns } from "./folder-runs.ts";
import { removeStream } from "./remove-stream.ts";
import { StreamHome } from "./stream-home.ts";
import { StreamArchive } from "./stream-archive.ts";
import { WantedMark } from "./wanted-mark.ts";
import type { StreamPaths } from "./stream-paths.ts";

export interface StreamFolderParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly countPictures: CountPictures;
  readonly freeBytes: FreeBytes;
  readonly dataDir: string;
  readonly listSize: number;
  readonly paths: StreamPaths;
  readonly isArchiveTaken: (path: string, id: string) => boolean;
  readonly records: DiskRecords;
  /** Whether its folders are there. */
  readonly isMade: boolean;
  /** Of this gateway among several. */
  readonly lease?: HeldLease | undefined;
}

/** One stream on disk: its segments, record, live playlist and archive. */
export class DiskStreamFolder implements StreamFolder {
  readonly #parts: StreamFolderParts;
  readonly #ready: Set<number>;
  readonly #listeners = new Set<(segment: number) => void>();
  readonly #runs: FolderRuns;
  readonly #broadcast: LiveBroadcast;
  readonly #wanted: WantedMark;
  readonly #archive: StreamArchive;
  readonly #home: StreamHome;
  /** Nothing is written behind its back any more. */
  #isClosed = false;
  #moving: Promise<void> = Promise.resolve();
  #record: StreamRecord;
  #timeline: Timeline | undefined;

  /** `ready`: the segments that are published already. */
  constructor(parts: StreamFolderParts, record: StreamRecord, ready: Iterable<number>) {
    this.#parts = parts;
    this.#record = record;
    this.#timeline = record.timeline;
    this.#ready = new Set(ready);
    const { clock, log, listSize, paths } = parts;
    this.#archive = new StreamArchive(paths, log, record, { isNew: !parts.isMade });
    this.#home = new StreamHome(paths, parts);
    this.#wanted = new WantedMark(paths.wanted, log, () => this.#home.whenMade);
    this.#runs = new FolderRuns(parts, (k, pictures) => this.#published(k, pictures));
    this.#broadcast = new LiveBroadcast(
      { clock, log, listSize, path: paths.live, ready: this.#ready, lease: parts.lease },
      record.broadcastStartedAtMs,
    );
  }

  get ready(): ReadonlySet<number> {
    return this.#ready;
  }

  get wantedAtMs(): number | undefined {
    return this.#wanted.atMs;
  }

  noteWanted(): void {
    this.#wanted.note(this.#parts.clock.nowMs());
  }

  /** Goes on with what was there before a restart. */
  async resume(): Promise<void> {
    await this.#wanted.read();
    if (this.#timeline !== undefined) await this.#broadcast.resume(this.#timeline);
  }

  onPublished(listener: (segment: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onListed(listener: () => void): () => void {
    return this.#broadcast.onWritten(listener);
  }

  async watchRun(run: WatchedRun): Promise<RunWatch> {
    // Whatever lies there before they are made is deleted.
    await this.#home.make();
    return this.#runs.watch(run);
  }

  /** A segment of a run that works on another machine. */
  async accept(runId: string, k: number, bytes: Uint8Array): Promise<void> {
    await this.#runs.accept(runId, k, bytes);
  }

  async setTimeline(timeline: Timeline): Promise<void> {
    this.#timeline = timeline;
    const count = segmentCount(timeline);
    for (const k of this.#ready) if (k >= count) this.#ready.delete(k);
    await this.#broadcast.refresh(timeline);
  }

  async discardFrom(k: number): Promise<void> {
    if (this.#isLost) return;
    const { segments, renditions } = this.#parts.paths;
    const discarded = [...this.#ready].filter((ready) => ready >= k);
    for (const segment of discarded) this.#ready.delete(segment);
    const paths = discarded.map((segment) => join(segments, segmentFileName(segment)));
    await Promise.all(paths.map((path) => rm(path, { force: true })));
    await rm(renditions, { recursive: true, force: true });
  }

  async endBroadcast(): Promise<void> {
    await this.#broadcast.end();
  }

  async restartBroadcast(startedAtMs: number): Promise<void> {
    await this.#broadcast.restart(startedAtMs);
  }

  get isBroadcastOver(): boolean {
    return this.#broadcast.isOver;
  }

  isOnAir(k: number): boolean {
    return this.#broadcast.isOnAir(k);
  }

  async save(record: StreamRecord): Promise<void> {
    this.#record = record;
    if (this.#isLost) return;
    await this.#home.make();
    const fence = this.#parts.lease?.fence;
    await this.#parts.records.save(fence === undefined ? record : { ...record, fence });
    await this.#archive.follow(record);
  }

  /** Another gateway may write here by now: what this one still has in hand goes nowhere. */
  get #isLost(): boolean {
    return this.#parts.lease?.isHeld() === false;
  }

  /** Writes what only the list of begun streams tells; nothing where that was done meanwhile. */
  async moveIn(): Promise<void> {
    const { id } = this.#record;
    if (this.#isClosed || !this.#parts.records.isBegun(id)) return;
    this.#moving = this.save(this.#record);
    await this.#moving;
  }

  /** What lies beside the archive, as a gateway that ended at any moment may have left it. */
  async tidyArchive(): Promise<void> {
    if (this.#isClosed || this.#record.state !== "complete") return;
    this.#moving = this.#archive.follow(this.#record);
    await this.#moving;
  }

  async hasArchive(): Promise<boolean> {
    return await this.#archive.isWhole(this.#record, () => this.#ready.clear());
  }

  async locate(k: number): Promise<SegmentLocation> {
    if (!this.#ready.has(k)) {
      throw new UpreelError("segment_not_found", `segment ${k} is not made yet`);
    }
    return await this.#archive.locate(k);
  }

  async makeArchive(order: ArchiveOrder): Promise<MadeArchive> {
    const { id } = this.#record;
    if (this.#timeline === undefined) {
      throw new UpreelError("archive_invalid", "the length of the film is not known yet");
    }
    const isTaken = (path: string): boolean => this.#parts.isArchiveTaken(path, id);
    const film = { id, timeline: this.#timeline, ready: this.#ready, isTaken };
    return await makeArchive({ ...this.#parts, ...film }, order);
  }

  async remove(): Promise<number> {
    const { paths, records } = this.#parts;
    const { id, archive } = this.#record;
    await this[Symbol.asyncDispose]();
    if (this.#isLost) throw elsewhere(id);
    const bytes = await removeStream(paths, records, { id, archive });
    this.#ready.clear();
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#runs.close();
    await this.#broadcast[Symbol.asyncDispose]();
    await this.#moving.catch(() => undefined);
    await this.#home.settled();
    await this.#parts.records.settled(this.#record.id);
  }

  #published(k: number, pictures: number): void {
    const end = k * (this.#timeline?.framesPerSegment ?? 0) + pictures;
    this.#ready.add(k);
    // A short segment is the end of the film: a list that still had the longer timeline would tell
    // a wrong length first, and clients may not see it change.
    const timeline = this.#timeline;
    const isCut = timeline !== undefined && end < segmentFrames(timeline, k).end;
    if (isCut) this.#timeline = { ...timeline, frameCount: end };
    // Writes that fail are logged by the broadcast, which never rejects.
    void this.#broadcast.refresh(this.#timeline);
    for (const listener of this.#listeners) listener(k);
  }
}
