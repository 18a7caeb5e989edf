import { dirname } from "node:path";
import type { Log, RecordListener, StreamRecord, StreamRecords } from "@upreel/core";
import { syncPath, type JsonFile } from "@upreel/files";
import PQueue from "p-queue";
import { BegunStreams } from "./begun-streams.ts";
import { recordFile } from "./record-file.ts";
import { begunFile, streamPaths } from "./stream-paths.ts";

/** How many records are written at a time: Node has four threads for all files, and players wait for them, too. */
const WRITES_AT_A_TIME = 2;

/** The records of streams below `dataDir`, each in its `stream.json`, and in memory for readers. */
export class DiskRecords implements StreamRecords {
  readonly #dataDir: string;
  readonly #records = new Map<string, StreamRecord>();
  readonly #files = new Map<string, JsonFile<StreamRecord>>();
  readonly #listeners = new Set<RecordListener>();
  readonly #begun: BegunStreams;
  readonly #writes = new PQueue({ concurrency: WRITES_AT_A_TIME });

  readonly #isShared: boolean;

  /** `isShared`: other processes have streams in the same folder. */
  constructor(dataDir: string, { isShared = false } = {}) {
    this.#dataDir = dataDir;
    this.#isShared = isShared;
    this.#begun = new BegunStreams(begunFile(dataDir));
  }

  async read(id: string): Promise<StreamRecord | undefined> {
    const own = this.#records.get(id);
    // As its owner saved it last; ids are not what strangers may make paths of.
    if (own === undefined && this.#isShared && isStreamId(id))
      return recordsOnDisk(this.#dataDir).read(id);
    return own;
  }

  async list(): Promise<readonly StreamRecord[]> {
    return [...this.#records.values()];
  }

  /** Keeps the record of a new stream: it is on the disk when this settles, though the stream's own file is not yet written. */
  async begin(record: StreamRecord): Promise<void> {
    await this.#begun.add(record);
    this.adopt(record);
  }

  /** Whether only its beginning is on the disk. */
  isBegun(id: string): boolean {
    return this.#begun.has(id);
  }

  /** Streams that were begun and had no file of their own when the last gateway ended. */
  readBegun(log: Log): Promise<readonly StreamRecord[]> {
    return this.#begun.readLeft(log);
  }

  /** Saves a record, which is on the disk when this settles. */
  async save(record: StreamRecord): Promise<void> {
    await this.saveIf(record, () => true);
  }

  /** The same; false if it may no longer be written when its turn comes. */
  async saveIf(record: StreamRecord, mayWrite: () => boolean): Promise<boolean> {
    const { id } = record;
    const isWritten = await this.#writes.add(async () => {
      if (!mayWrite()) return false;
      await this.#fileOf(id).write(record);
      return true;
    });
    if (!isWritten) return false;
    this.adopt(record);
    if (this.#begun.has(id)) await this.done(id);
    return true;
  }

  /** It was begun and has a file of its own now. */
  async done(id: string): Promise<void> {
    // The name of its folder, too.
    await syncPath(dirname(streamPaths(this.#dataDir, id).folder));
    await this.#begun.done(id);
  }

  /** One that is on the disk already. */
  adopt(record: StreamRecord): void {
    this.#records.set(record.id, record);
    this.#tell(record.id, record);
  }

  /** Its stream is about to be removed: no later start finds it begun. */
  async forgetBegun(id: string): Promise<void> {
    await this.#begun.forget(id);
  }

  /** Its stream is removed from the disk. */
  forget(id: string): void {
    this.#records.delete(id);
    this.#files.delete(id);
    this.#tell(id, undefined);
  }

  /** Forgets a record whose stream belongs to another gateway now. Nobody is told, since the stream itself has not changed. */
  letGo(id: string): void {
    this.#records.delete(id);
    this.#files.delete(id);
  }

  /** Settles when no save of this stream goes on. */
  async settled(id: string): Promise<void> {
    await this.#files.get(id)?.settled();
  }

  subscribe(listener: RecordListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #fileOf(id: string): JsonFile<StreamRecord> {
    const known = this.#files.get(id);
    if (known !== undefined) return known;
    const file = recordFile(streamPaths(this.#dataDir, id).record);
    this.#files.set(id, file);
    return file;
  }

  #tell(id: string, record: StreamRecord | undefined): void {
    for (const listener of this.#listeners) listener(id, record);
  }
}

const isStreamId = (id: string): boolean => /^[a-z2-7]+$/.test(id);

/** The records as they lie on the disk, for a command that runs beside the gateway that owns them. */
export const recordsOnDisk = (dataDir: string): Pick<StreamRecords, "read"> => ({
  read: (id) => recordFile(streamPaths(dataDir, id).record).read(),
});
