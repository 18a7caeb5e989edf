import { rm } from "node:fs/promises";
import { frameSeconds, toUpreelError, type Timeline, type Clock, type Log } from "@upreel/core";
import { replaceFile } from "@upreel/files";
import {
  firstMissing,
  fullSegmentSeconds,
  livePlaylist,
  liveWindow,
  targetDurationSeconds,
  type Broadcast,
} from "./live-playlist.ts";
import type { HeldLease } from "./stream-leases.ts";
import { readStoredPlaylist } from "./stored-playlist.ts";
import { advanceViewer, type ViewerClock } from "./viewer-clock.ts";

export interface LiveBroadcastParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Of live.m3u8. */
  readonly path: string;
  readonly ready: ReadonlySet<number>;
  readonly listSize: number;
  readonly lease?: HeldLease | undefined;
}

/** Segments beyond the window that are taken to be on air: what is made again now may be listed by then. */
const SOON_SEGMENTS = 3;

/** Owns live.m3u8 and the timer that moves its window. */
export class LiveBroadcast implements AsyncDisposable {
  readonly #parts: LiveBroadcastParts;
  #timeline: Timeline | undefined;
  #startedAtMs: number;
  #viewer: ViewerClock;
  /** Film seconds that could be watched at the last look. */
  #madeSeconds = 0;
  #first = 0;
  #state: "open" | "ended" | "closed" = "open";
  #timer: NodeJS.Timeout | undefined;
  /** The text to be written; undefined: no file. */
  #wanted: string | undefined;
  #written: string | undefined;
  /** When live.m3u8 last got another text; undefined: it may have one at once. */
  #writtenAtMs: number | undefined;
  #writes: Promise<void> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  constructor(parts: LiveBroadcastParts, startedAtMs: number) {
    this.#parts = parts;
    this.#startedAtMs = startedAtMs;
    this.#viewer = { seconds: 0, atMs: startedAtMs };
  }

  /** Goes on with the broadcast that live.m3u8 holds, after a restart. */
  async resume(timeline: Timeline): Promise<void> {
    this.#timeline = timeline;
    const stored = await readStoredPlaylist(this.#parts.path);
    if (stored !== undefined) {
      this.#wanted = stored.text;
      this.#written = stored.text;
      this.#writtenAtMs = stored.writtenAtMs;
      this.#first = stored.first;
      if (stored.isEnded) this.#state = "ended";
      // The window was at most a list ahead of the viewer, so he was not before its start.
      const seconds = frameSeconds(timeline, stored.first * timeline.framesPerSegment);
      this.#viewer = { seconds, atMs: stored.writtenAtMs };
      // The times of day that clients were told of stay, whatever the record says.
      this.#startedAtMs =
        stored.firstAtMs === undefined
          ? this.#startedAtMs
          : stored.firstAtMs - Math.round(seconds * 1000);
    }
    this.#madeSeconds = this.#countMade(timeline);
    await this.refresh();
  }

  /** Called after each write of another text. Returns the unsubscribe function. */
  onWritten(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get isOver(): boolean {
    return this.#state === "ended";
  }

  /** Lists all that is made, and the end. */
  async end(): Promise<void> {
    const timeline = this.#timeline;
    if (this.#state === "open" && timeline !== undefined) {
      this.#wanted = livePlaylist({ ...this.#view(timeline), isEnded: true }) ?? this.#wanted;
    }
    if (this.#state === "open") this.#state = "ended";
    clearTimeout(this.#timer);
    await this.#write();
  }

  /** Forgets the broadcast before: the next playlist starts at segment 0 again. */
  async restart(startedAtMs: number): Promise<void> {
    if (this.#state === "closed") return;
    this.#state = "open";
    this.#startedAtMs = startedAtMs;
    this.#viewer = { seconds: 0, atMs: startedAtMs };
    this.#madeSeconds = 0;
    this.#first = 0;
    this.#wanted = undefined;
    this.#writtenAtMs = undefined;
    await this.refresh();
  }

  /**
   * Looks at what is published and at the clock; writes live.m3u8 when it changes. `timeline`: given
   * when it got known, or shorter.
   */
  async refresh(timeline = this.#timeline): Promise<void> {
    this.#timeline = timeline;
    // In turn: when the next version may come is known once the last one is on the disk, which may take seconds.
    const looked = this.#writes.then(() => this.#look());
    this.#writes = looked.catch(() => undefined);
    await looked;
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    const timeline = this.#timeline;
    if (this.#state === "open" && timeline !== undefined) {
      const nowMs = this.#parts.clock.nowMs();
      this.#viewer = advanceViewer(this.#viewer, nowMs, this.#madeSeconds);
      this.#madeSeconds = this.#countMade(timeline);
      const view = this.#view(timeline);
      const window = liveWindow(view);
      const earlyMs = window.isLast ? 0 : this.#msTooEarly(timeline, nowMs);
      if (earlyMs > 0) {
        this.#timer = setTimeout(() => void this.refresh(), earlyMs);
        return;
      }
      this.#first = window.first;
      this.#wanted = livePlaylist(view) ?? this.#wanted;
      if (window.isLast) this.#state = "ended";
      else if (this.#parts.ready.has(window.end)) this.#wakeAtNextSegment(timeline);
    }
    await this.#writeWanted();
  }

  /** Whether segment `k` is listed, was a list ago, or soon will be: it stays as it is then (R6). */
  isOnAir(k: number): boolean {
    if (this.#state !== "open" || this.#timeline === undefined) return false;
    const { first, end } = liveWindow(this.#view(this.#timeline));
    return k >= first - (end - first) && k < end + SOON_SEGMENTS;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = "closed";
    clearTimeout(this.#timer);
    await this.#writes;
  }

  /** RFC 8216 6.2.1: a new version comes half a target duration after the last one, or later. */
  #msTooEarly(timeline: Timeline, nowMs: number): number {
    if (this.#writtenAtMs === undefined) return 0;
    const dueMs = this.#writtenAtMs + targetDurationSeconds(timeline) * 500;
    // A clock that was set back makes no playlist wait for longer than that.
    return nowMs < this.#writtenAtMs ? 0 : dueMs - nowMs;
  }

  #view(timeline: Timeline): Broadcast {
    return {
      timeline,
      ready: this.#parts.ready,
      viewerSeconds: this.#viewer.seconds,
      listSize: this.#parts.listSize,
      startedAtMs: this.#startedAtMs,
      lastFirst: this.#first,
      isEnded: false,
    };
  }

  #countMade(timeline: Timeline): number {
    const made = firstMissing(this.#parts.ready, this.#first);
    return frameSeconds(timeline, Math.min(made * timeline.framesPerSegment, timeline.frameCount));
  }

  /** More is made than is listed: the window moves when the viewer enters his next segment. */
  #wakeAtNextSegment(timeline: Timeline): void {
    const step = fullSegmentSeconds(timeline);
    const next = (Math.floor(this.#viewer.seconds / step + 1e-6) + 1) * step;
    const ms = Math.ceil((next - this.#viewer.seconds) * 1000);
    this.#timer = setTimeout(() => void this.refresh(), ms);
  }

  /** Writes follow each other; what changed while one ran is in the next. Never rejects. */
  #write(): Promise<void> {
    this.#writes = this.#writes.then(() => this.#writeWanted());
    return this.#writes;
  }

  async #writeWanted(): Promise<void> {
    const text = this.#wanted;
    // Of a stream that is another gateway's now, the list would go back.
    if (text === this.#written || this.#parts.lease?.isHeld() === false) return;
    try {
      await (text === undefined
        ? rm(this.#parts.path, { force: true })
        : replaceFile(this.#parts.path, text, { isDurable: false }));
      this.#written = text;
      this.#writtenAtMs = text === undefined ? undefined : this.#parts.clock.nowMs();
      for (const listener of this.#listeners) listener();
    } catch (error) {
      this.#writtenAtMs = undefined;
      const { message } = toUpreelError(error);
      this.#parts.log.error(
        "cannot write a live playlist; it is written again at its next change",
        { path: this.#parts.path, error: message },
      );
    }
  }
}
