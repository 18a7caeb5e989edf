import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { z } from "zod";
import { toDiskError } from "./disk-error.ts";
import { errnoOf, makeFolder, replaceFile, type HowKept } from "./durable-files.ts";

export interface JsonFileOptions extends HowKept {
  /** Spaces before each level, for people who look into it. */
  readonly indent?: number;
  /** Whether the folder is made where it is missing; without it a write throws there. */
  readonly makesFolder?: boolean;
}

/** A value that is kept in one file, which is read and written as its schema says. */
export class JsonFile<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  readonly #how: JsonFileOptions;
  #writes: Promise<void> = Promise.resolve();

  constructor(path: string, schema: z.ZodType<T>, how: JsonFileOptions) {
    this.#path = path;
    this.#schema = schema;
    this.#how = how;
  }

  /** Undefined where there is none; throws where it is something else. */
  async read(): Promise<T | undefined> {
    try {
      const json: unknown = JSON.parse(await readFile(this.#path, "utf8"));
      return this.#schema.parse(json);
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  /**
   * What it says; undefined also where that is damaged. Throws where it cannot be read now, as from a network that fails:
   * whoever writes it anew would lose what others have written.
   */
  readUnlessDamaged(): Promise<T | undefined> {
    return this.read().catch((error: unknown) => {
      if (errnoOf(error) !== undefined) throw error;
      return undefined;
    });
  }

  /** What it says; undefined also where it cannot be read: whoever asks begins anew. */
  readOrForget(): Promise<T | undefined> {
    return this.read().catch(() => undefined);
  }

  /**
   * Replaces the file; who reads it meanwhile sees the value before or this one. Writes follow each other:
   * the last one wins. Throws `disk_full` and `disk_read_only` by their names.
   */
  async write(value: T): Promise<void> {
    const text = `${JSON.stringify(this.#schema.parse(value), null, this.#how.indent)}\n`;
    const written = this.#writes.then(() => this.#replace(text));
    // One write that failed is its caller's error, and does not stop the next.
    this.#writes = written.catch(() => undefined);
    await written;
  }

  /** When no write goes on. */
  async settled(): Promise<void> {
    await this.#writes;
  }

  async #replace(text: string): Promise<void> {
    try {
      if (this.#how.makesFolder === true) await makeFolder(dirname(this.#path));
      await replaceFile(this.#path, text, this.#how);
    } catch (error) {
      throw toDiskError(error, this.#path);
    }
  }
}
