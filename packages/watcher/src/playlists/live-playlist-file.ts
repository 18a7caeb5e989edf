import { rm } from "node:fs/promises";
import { toUpreelError, type Clock, type Log, type Timeline } from "@upreel/core";
import { replaceFile } from "@upreel/files";
import { targetDurationSeconds } from "./live-playlist.ts";
import type { HeldLease } from "../records/stream-leases.ts";

export interface LivePlaylistFileParts {
  readonly clock: Clock;
  readonly log: Log;
  /** The path of live.m3u8. */
  readonly path: string;
  readonly lease?: HeldLease | undefined;
}

/** live.m3u8 on the disk: the text that it is to have, the text that it has, and since when. */
export class LivePlaylistFile {
  readonly #parts: LivePlaylistFileParts;
  /** The text to be written; undefined: no file. */
  #wanted: string | undefined;
  #written: string | undefined;
  /** When it last got another text; undefined: it may have one at once. */
  #writtenAtMs: number | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(parts: LivePlaylistFileParts) {
    this.#parts = parts;
  }

  /** Called after each write of another text. Returns the unsubscribe function. */
  onWritten(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes over the file from before a restart. */
  adopt(text: string, writtenAtMs: number): void {
    this.#wanted = text;
    this.#written = text;
    this.#writtenAtMs = writtenAtMs;
  }

  /** Sets the text that the next write puts into it. */
  want(text: string): void {
    this.#wanted = text;
  }

  /** Another broadcast begins: there is no file until it has something to list. */
  startAnew(): void {
    this.#wanted = undefined;
    this.#writtenAtMs = undefined;
  }

  /** RFC 8216 6.2.1: a new version comes half a target duration after the last one, or later. */
  msTooEarly(timeline: Timeline, nowMs: number): number {
    if (this.#writtenAtMs === undefined) return 0;
    const dueMs = this.#writtenAtMs + targetDurationSeconds(timeline) * 500;
    // Even if the clock was set back, a playlist waits no longer than that.
    return nowMs < this.#writtenAtMs ? 0 : dueMs - nowMs;
  }

  /** Never rejects. One call at a time. */
  async write(): Promise<void> {
    const { path, clock, log, lease } = this.#parts;
    const text = this.#wanted;
    // If the stream belongs to another gateway now, an older list would replace its newer one.
    if (text === this.#written || lease?.isHeld() === false) return;
    try {
      await (text === undefined
        ? rm(path, { force: true })
        : replaceFile(path, text, { isDurable: false }));
      this.#written = text;
      this.#writtenAtMs = text === undefined ? undefined : clock.nowMs();
      for (const listener of this.#listeners) listener();
    } catch (error) {
      this.#writtenAtMs = undefined;
      const { message } = toUpreelError(error);
      log.error("cannot write a live playlist; it is written again at its next change", {
        path,
        error: message,
      });
    }
  }
}
