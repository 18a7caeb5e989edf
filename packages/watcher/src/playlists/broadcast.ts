import { frameSeconds, type Timeline } from "@upreel/core";
import {
  firstMissing,
  fullSegmentSeconds,
  livePlaylist,
  liveWindow,
  type Broadcast,
} from "./live-playlist.ts";
import { LivePlaylistFile, type LivePlaylistFileParts } from "./live-playlist-file.ts";
import { readStoredPlaylist } from "./stored-playlist.ts";
import { advanceViewer, type ViewerClock } from "./viewer-clock.ts";

export interface LiveBroadcastParts extends LivePlaylistFileParts {
  readonly ready: ReadonlySet<number>;
  readonly listSize: number;
}

/** How many segments beyond the window count as on air: by the time one of them is made again, it may be listed. */
const SOON_SEGMENTS = 3;

/** Owns live.m3u8 and the timer that moves its window. */
export class LiveBroadcast implements AsyncDisposable {
  readonly #parts: LiveBroadcastParts;
  #timeline: Timeline | undefined;
  #startedAtMs: number;
  #viewer: ViewerClock;
  /** How much film, in seconds, could be watched when it was last looked at. */
  #madeSeconds = 0;
  #first = 0;
  #state: "open" | "ended" | "closed" = "open";
  #timer: NodeJS.Timeout | undefined;
  readonly #file: LivePlaylistFile;
  /** Looks and writes run one after the other. */
  #writes: Promise<void> = Promise.resolve();

  constructor(parts: LiveBroadcastParts, startedAtMs: number) {
    this.#parts = parts;
    this.#file = new LivePlaylistFile(parts);
    this.#startedAtMs = startedAtMs;
    this.#viewer = { seconds: 0, atMs: startedAtMs };
  }

  /** Goes on with the broadcast that live.m3u8 holds, after a restart. */
  async resume(timeline: Timeline): Promise<void> {
    this.#timeline = timeline;
    const stored = await readStoredPlaylist(this.#parts.path);
    if (stored !== undefined) {
      this.#file.adopt(stored.text, stored.writtenAtMs);
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
    return this.#file.onWritten(listener);
  }

  get isOver(): boolean {
    return this.#state === "ended";
  }

  /** Lists all that is made, and the end. */
  async end(): Promise<void> {
    const timeline = this.#timeline;
    if (this.#state === "open" && timeline !== undefined)
      this.#list({ ...this.#view(timeline), isEnded: true });
    if (this.#state === "open") this.#state = "ended";
    clearTimeout(this.#timer);
    // Changes during one look are found by the next.
    this.#writes = this.#writes.then(() => this.#file.write());
    await this.#writes;
  }

  /** Forgets the previous broadcast: the next playlist starts at segment 0 again. */
  async restart(startedAtMs: number): Promise<void> {
    if (this.#state === "closed") return;
    this.#state = "open";
    this.#startedAtMs = startedAtMs;
    this.#viewer = { seconds: 0, atMs: startedAtMs };
    this.#madeSeconds = 0;
    this.#first = 0;
    this.#file.startAnew();
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
      const earlyMs = window.isLast ? 0 : this.#file.msTooEarly(timeline, nowMs);
      if (earlyMs > 0) {
        this.#timer = setTimeout(() => void this.refresh(), earlyMs);
        return;
      }
      this.#first = window.first;
      this.#list(view);
      if (window.isLast) this.#state = "ended";
      else if (this.#parts.ready.has(window.end)) this.#wakeAtNextSegment(timeline);
    }
    await this.#file.write();
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

  /** Where it has something to list. */
  #list(view: Broadcast): void {
    const text = livePlaylist(view);
    if (text !== undefined) this.#file.want(text);
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
}
