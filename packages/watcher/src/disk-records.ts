import type { RecordListener, StreamRecord, StreamRecords } from "@upreel/core";
import type { JsonFile } from "@upreel/files";
import { recordFile } from "./record-file.ts";
import { streamPaths } from "./stream-paths.ts";

/** The records of streams below `dataDir`, each in its `stream.json`, and in memory for who reads them. */
export class DiskRecords implements StreamRecords {
  readonly #dataDir: string;
  readonly #records = new Map<string, StreamRecord>();
  readonly #files = new Map<string, JsonFile<StreamRecord>>();
  readonly #listeners = new Set<RecordListener>();

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  async read(id: string): Promise<StreamRecord | undefined> {
    return this.#records.get(id);
  }

  async list(): Promise<readonly StreamRecord[]> {
    return [...this.#records.values()];
  }

  /** On the disk when it settles. */
  async save(record: StreamRecord): Promise<void> {
    await this.#fileOf(record.id).write(record);
    this.adopt(record);
  }

  /** One that is on the disk already. */
  adopt(record: StreamRecord): void {
    this.#records.set(record.id, record);
    this.#tell(record.id, record);
  }

  /** Its stream is removed from the disk. */
  forget(id: string): void {
    this.#records.delete(id);
    this.#files.delete(id);
    this.#tell(id, undefined);
  }

  /** When no save of this stream goes on. */
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

/** The records as they lie on the disk, for a command that runs beside the gateway that owns them. */
export const recordsOnDisk = (dataDir: string): Pick<StreamRecords, "read"> => ({
  read: (id) => recordFile(streamPaths(dataDir, id).record).read(),
});
