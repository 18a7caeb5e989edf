import { open, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { streamRecordSchema, type Log, type StreamRecord } from "@upreel/core";
import { errnoOf, makeFolder, syncPath, toDiskError } from "@upreel/files";
import { z } from "zod";

const lineSchema = z.union([
  z.object({ begun: streamRecordSchema }),
  z.object({ removed: z.string() }),
]);
type Line = z.infer<typeof lineSchema>;

type Append = (path: string, text: string) => Promise<void>;

/**
 * One file that lists the streams which were begun and have no file of their own yet. What a trigger promises is on the
 * disk when it is answered, and a hundred triggers need one flush instead of two hundred. The file is emptied when every
 * stream has its own.
 */
export class BegunStreams {
  readonly #path: string;
  readonly #appendText: Append;
  readonly #ids = new Set<string>();
  /** Written by the next flush. */
  #waiting: Line[] = [];
  #flush: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** `append` puts a text on the disk, behind what is there. */
  constructor(path: string, append: Append = appendDurably) {
    this.#path = path;
    this.#appendText = append;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Adds a stream, which is on the disk when this settles, with all that come meanwhile. Throws `disk_full` and `disk_read_only`. */
  async add(record: StreamRecord): Promise<void> {
    this.#ids.add(record.id);
    try {
      await this.#write({ begun: record });
    } catch (error) {
      this.#ids.delete(record.id);
      throw error;
    }
  }

  /** The stream has a file of its own now, on the disk. */
  async done(id: string): Promise<void> {
    if (this.#ids.delete(id)) await this.#emptyWhenDone();
  }

  /** The stream is removed: the next start must not find it here. */
  async forget(id: string): Promise<void> {
    if (!this.#ids.delete(id) && this.#ids.size === 0) return;
    await this.#write({ removed: id });
    await this.#emptyWhenDone();
  }

  /** The streams in the list of a gateway that ended too soon; they are taken to have no files yet. */
  async readLeft(log: Log): Promise<readonly StreamRecord[]> {
    const text = await readFile(this.#path, "utf8").catch((error: unknown) => {
      if (errnoOf(error) === "ENOENT") return "";
      throw error;
    });
    const left = new Map<string, StreamRecord>();
    for (const line of text.split("\n").filter((each) => each !== "")) {
      const read = parseLine(line);
      // The last line may have been cut when the machine failed; that stream was promised to nobody.
      if (read === undefined) log.warn("a stream that was being begun is not known any more");
      else if ("begun" in read) left.set(read.begun.id, read.begun);
      else left.delete(read.removed);
    }
    for (const id of left.keys()) this.#ids.add(id);
    return [...left.values()];
  }

  /** All streams that come during one flush share the next flush. */
  #write(line: Line): Promise<void> {
    this.#waiting.push(line);
    this.#next ??= (async () => {
      await this.#flush?.catch(() => undefined);
      const lines = this.#waiting;
      this.#waiting = [];
      this.#flush = this.#next;
      this.#next = undefined;
      await this.#append(lines);
    })();
    return this.#next;
  }

  async #append(lines: readonly Line[]): Promise<void> {
    try {
      // A line break first, so that a cut line before it does not spoil this one.
      const text = `\n${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
      await this.#appendText(this.#path, text);
    } catch (error) {
      throw toDiskError(error, this.#path);
    }
  }

  async #emptyWhenDone(): Promise<void> {
    if (this.#ids.size > 0 || this.#next !== undefined) return;
    // No flush goes on: each of its streams would be in the list.
    await truncate(this.#path).catch(() => undefined);
  }
}

async function appendDurably(path: string, text: string): Promise<void> {
  // Not kept open: a disk with a file that is open for writing cannot be made read-only.
  await using file = await open(path, "a").catch(async (error: unknown) => {
    if (errnoOf(error) !== "ENOENT") throw error;
    await makeFolder(dirname(path));
    return open(path, "a");
  });
  const isNew = (await file.stat()).size === 0;
  await file.appendFile(text);
  await file.datasync();
  if (isNew) await syncPath(dirname(path));
}

function parseLine(line: string): Line | undefined {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
