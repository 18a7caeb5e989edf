import { stat, utimes, writeFile } from "node:fs/promises";
import { errnoOf } from "@upreel/files";
import type { Log } from "@upreel/core";

/** One write a minute is enough, since retention counts in hours. */
const WRITE_EVERY_MS = 60_000;

/**
 * When somebody last wanted a stream (a trigger, or a player that asked for a segment): the time of an
 * empty file, so that it is known after a restart, and `stream.json` need not be written for it.
 */
export class WantedMark {
  readonly #path: string;
  readonly #log: Log;
  /** When its folder is there. */
  readonly #whenMade: () => Promise<void>;
  #atMs: number | undefined;
  #writtenMs = Number.NEGATIVE_INFINITY;

  constructor(path: string, log: Log, whenMade: () => Promise<void> = () => Promise.resolve()) {
    this.#path = path;
    this.#log = log;
    this.#whenMade = whenMade;
  }

  get atMs(): number | undefined {
    return this.#atMs;
  }

  /** Takes over what is on the disk. */
  async read(): Promise<void> {
    this.#atMs = await readWantedMs(this.#path);
  }

  note(nowMs: number): void {
    this.#atMs = nowMs;
    if (nowMs - this.#writtenMs < WRITE_EVERY_MS) return;
    this.#writtenMs = nowMs;
    this.#write(nowMs).catch((error: unknown) => {
      // A stream that is being removed has no folder. Any other failure costs the stream at most its place in a queue.
      this.#log.debug("cannot note that a stream is wanted", { path: this.#path, error });
    });
  }

  async #write(nowMs: number): Promise<void> {
    await this.#whenMade();
    await writeFile(this.#path, "", { flag: "a" });
    await utimes(this.#path, nowMs / 1000, nowMs / 1000);
  }
}

/** Undefined when nobody has wanted it. */
export async function readWantedMs(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
