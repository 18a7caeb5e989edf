import { rm } from "node:fs/promises";
import {
  streamElsewhere,
  UpreelError,
  type StreamRecord,
  type Timeline,
  type ArchiveOrder,
  type MadeArchive,
  type RunWatch,
  type SegmentLocation,
  type StreamFolder,
  type WatchedRun,
} from "@upreel/core";
import { LiveBroadcast } from "../playlists/broadcast.ts";
import { makeArchive } from "../archive/make-archive.ts";
import type { StreamFolderParts } from "../ports.ts";
import { PublishedSegments } from "../segments/published-segments.ts";
import { FolderRuns } from "../runs/folder-runs.ts";
import { removeStream } from "./remove-stream.ts";
import { StreamHome } from "./stream-home.ts";
import { StreamArchive } from "../archive/stream-archive.ts";
import { WantedMark } from "../records/wanted-mark.ts";

/** One stream on disk: its segments, record, live playlist and archive. */
export class DiskStreamFolder implements StreamFolder {
  readonly #parts: StreamFolderParts;
  readonly #segments: PublishedSegments;
  readonly #runs: FolderRuns;
  readonly #broadcast: LiveBroadcast;
  readonly #wanted: WantedMark;
  readonly #archive: StreamArchive;
  readonly #home: StreamHome;
  /** Nothing is written behind its back any more. */
  #isClosed = false;
  #moving: Promise<void> = Promise.resolve();
  #record: StreamRecord;

  /** `ready`: the segments that are published already. */
  constructor(parts: StreamFolderParts, record: StreamRecord, ready: Iterable<number>) {
    this.#parts = parts;
    this.#record = record;
    this.#segments = new PublishedSegments(record.timeline, ready);
    const { clock, log, listSize, paths } = parts;
    this.#archive = new StreamArchive(paths, log, record, { isNew: !parts.isMade });
    this.#home = new StreamHome(paths, parts);
    this.#wanted = new WantedMark(paths.wanted, log, () => this.#home.whenMade);
    this.#runs = new FolderRuns({ ...parts, ready: this.ready }, (k, pictures) =>
      this.#published(k, pictures),
    );
    this.#broadcast = new LiveBroadcast(
      { clock, log, listSize, path: paths.live, ready: this.ready, lease: parts.lease },
      record.broadcastStartedAtMs,
    );
  }

  get ready(): ReadonlySet<number> {
    return this.#segments.ready;
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
    const { timeline } = this.#segments;
    if (timeline !== undefined) await this.#broadcast.resume(timeline);
  }

  onPublished(listener: (segment: number) => void): () => void {
    return this.#segments.onAdded(listener);
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
    this.#segments.setTimeline(timeline);
    await this.#broadcast.refresh(timeline);
  }

  async discardFrom(k: number): Promise<void> {
    if (this.#isLost) return;
    const { paths } = this.#parts;
    const dropped = this.#segments.dropFrom(k).map((segment) => paths.segment(segment));
    await Promise.all(dropped.map((path) => rm(path, { force: true })));
    await rm(paths.renditions, { recursive: true, force: true });
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
    const written = fence === undefined ? record : { ...record, fence };
    const isSaved = await this.#parts.records.saveIf(written, () => !this.#isLost);
    // The files that it deletes beside an archive may be needed by the next owner for its own archive.
    if (isSaved && !this.#isLost) await this.#archive.follow(record);
  }

  /** Another gateway may write here by now: whatever this one still has in hand is dropped. */
  get #isLost(): boolean {
    return this.#parts.lease?.isHeld() === false;
  }

  /** Writes the record that is only in the list of begun streams, unless that was done meanwhile. */
  async moveIn(): Promise<void> {
    const { id } = this.#record;
    if (this.#isClosed || !this.#parts.records.isBegun(id)) return;
    this.#moving = this.save(this.#record);
    await this.#moving;
  }

  /** Puts right what lies beside the archive, which a gateway may have left half-done when it ended. */
  async tidyArchive(): Promise<void> {
    if (this.#isClosed || this.#record.state !== "complete") return;
    this.#moving = this.#archive.follow(this.#record);
    await this.#moving;
  }

  async hasArchive(): Promise<boolean> {
    return await this.#archive.isWhole(this.#record, () => this.#segments.clear());
  }

  async locate(k: number): Promise<SegmentLocation> {
    if (!this.ready.has(k))
      throw new UpreelError("segment_not_found", `segment ${k} is not made yet`);
    return await this.#archive.locate(k);
  }

  async lengthOf(k: number): Promise<number> {
    return this.#archive.lengthOf(k) ?? (await this.locate(k)).length;
  }

  async makeArchive(order: ArchiveOrder): Promise<MadeArchive> {
    const { id } = this.#record;
    const { timeline, ready } = this.#segments;
    if (timeline === undefined)
      throw new UpreelError("archive_invalid", "the length of the film is not known yet");
    const isTaken = (path: string): boolean => this.#parts.isArchiveTaken(path, id);
    return await makeArchive({ ...this.#parts, id, timeline, ready, isTaken }, order);
  }

  async remove(): Promise<number> {
    const { paths, records } = this.#parts;
    const { id, archive } = this.#record;
    await this[Symbol.asyncDispose]();
    if (this.#isLost) throw streamElsewhere(id);
    const bytes = await removeStream(paths, records, { id, archive });
    this.#segments.clear();
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
    // Writes that fail are logged by the broadcast, which never rejects.
    this.#segments.add(k, pictures, () => void this.#broadcast.refresh(this.#segments.timeline));
  }
}
