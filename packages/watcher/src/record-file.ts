import { readFile, rename } from "node:fs/promises";
import { streamRecordSchema, type StreamRecord, type Log } from "@upreel/core";
import { toDiskError } from "./disk-error.ts";
import { replaceFileDurably } from "./durable-files.ts";

/** stream.json of one stream. Saves follow each other; the last one wins. */
export class RecordFile {
  readonly #path: string;
  #saves: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** On the disk when it settles. */
  save(record: StreamRecord): Promise<void> {
    const text = `${JSON.stringify(streamRecordSchema.parse(record), null, 2)}\n`;
    const saved = this.#saves
      .then(() => replaceFileDurably(this.#path, text))
      .catch((error: unknown) => {
        throw toDiskError(error, this.#path);
      });
    // One save that failed is its caller's error, and does not stop the next.
    this.#saves = saved.catch(() => undefined);
    return saved;
  }

  async settled(): Promise<void> {
    await this.#saves;
  }
}

/** What `stream.json` says. Throws where it is missing, or no record. */
export async function readRecord(path: string): Promise<StreamRecord> {
  const json: unknown = JSON.parse(await readFile(path, "utf8"));
  return streamRecordSchema.parse(json);
}

/** Reads a record; one that cannot be read is moved aside, so that it costs only its own stream. */
export async function loadRecord(path: string, log: Log): Promise<StreamRecord | undefined> {
  try {
    return await readRecord(path);
  } catch (error) {
    log.error("stream record cannot be read; it is moved aside", {
      path,
      movedTo: `${path}.bad`,
      error: error instanceof Error ? error.message : String(error),
    });
    await rename(path, `${path}.bad`).catch(() => undefined);
    return undefined;
  }
}
