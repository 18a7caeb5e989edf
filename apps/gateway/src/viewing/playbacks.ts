import type { Clock, FilmWish } from "@upreel/core";
import type { PassReason, PlayFlags } from "@upreel/jellyfin";

/** What one client plays, from its PlaybackInfo on. */
export interface Playback {
  readonly playSessionId: string;
  readonly itemId: string;
  /** Device, else user, else address: what tells one player from another. */
  readonly viewer: string;
  /** `viewer` may be several players: no device was named. */
  readonly isShared?: boolean | undefined;
  readonly client: string | undefined;
  /** Undefined: its request named none. */
  readonly userId?: string | undefined;
  readonly sourceId: string;
  /** Its file as Jellyfin names it, where it may be upscaled. */
  readonly film:
    | { readonly path: string; readonly title: string; readonly wish?: FilmWish | undefined }
    | undefined;
  /** The stream made for it; undefined when nothing is. */
  readonly streamId: string | undefined;
  /** The stream of a film that this machine cannot make fast enough, where it is made ahead of time. */
  readonly madeAheadId?: string | undefined;
  readonly shows: "upscaled" | "original";
  /** What happens when the stream of a playback that shows the original has enough lead. */
  readonly whenReady: "switch" | "tell" | "nothing";
  /** Why the original is shown. */
  readonly reason: PassReason | undefined;
  /** Of its first request; a retry gets them back. */
  readonly flags: PlayFlags;
  readonly audioIndex: number | undefined;
  /** Of the stream's `master.m3u8`. */
  readonly query?: string | undefined;
  readonly subtitleIndex: number;
  readonly begunAtMs: number;
}

/** Where a playback is, as its client reports. */
interface Report {
  readonly seconds: number;
  readonly isPaused: boolean;
  readonly atMs: number;
}

/** What a viewer is to see of an item from now on, and why not upscaled. */
export type Choice =
  | { readonly shows: "upscaled" }
  | { readonly shows: "original"; readonly reason: PassReason };

export interface Entry {
  playback: Playback;
  report: Report | undefined;
  isOver: boolean;
  endedAtMs?: number | undefined;
  /** Jellyfin's own HLS stream of it: path and query, with the client's token. */
  wayBack?: string | undefined;
}

/** All that is worth keeping over a restart. */
export interface PlaybackSnapshot {
  readonly entries: readonly Entry[];
  readonly choices: readonly (readonly [string, Choice])[];
}

/** Longer than films: behind nginx nobody says here that a client has stopped. */
const FOLLOWED_MS = 6 * 3600_000;
/** A player that loads something else lets go of its requests so soon. */
const LEAVING_MS = 10_000;
/** Playbacks remembered; the oldest are forgotten. */
const MAX_PLAYBACKS = 1_000;

/** What clients play now and played lately. */
export function createPlaybacks(clock: Clock) {
  const entries = new Map<string, Entry>();
  const choices = new Map<string, Choice>();
  const waysBack = new Map<string, Promise<string | undefined>>();
  const choiceKey = (viewer: string, itemId: string): string => `${viewer}\n${itemId}`;
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const bound = (map: Map<string, unknown>): void => {
    for (const key of map.keys()) {
      if (map.size <= MAX_PLAYBACKS) return;
      map.delete(key);
    }
  };
  const close = (entry: Entry): void => {
    if (!entry.isOver) entry.endedAtMs = clock.nowMs();
    entry.isOver = true;
  };
  return {
    begin(playback: Omit<Playback, "begunAtMs">): void {
      // Whoever asks again plays it in another way from now on; not all say that the first has ended.
      for (const entry of entries.values())
        if (isOf(entry, playback.viewer, playback.itemId)) close(entry);
      entries.set(playback.playSessionId, {
        playback: { ...playback, begunAtMs: clock.nowMs() },
        report: undefined,
        isOver: false,
      });
      bound(entries);
      changed();
    },
    ageMs: ({ begunAtMs }: Playback): number => clock.nowMs() - begunAtMs,
    find: (playSessionId: string | undefined): Entry | undefined =>
      playSessionId === undefined ? undefined : entries.get(playSessionId),
    /** The film of a stream that somebody plays, or played lately. */
    filmOf: (streamId: string): Playback["film"] =>
      [...entries.values()].findLast(({ playback }) => playback.streamId === streamId)?.playback
        .film,
    /** What `viewer` asked for last, of one item or of any. */
    latest: (viewer: string, itemId?: string): Entry | undefined =>
      [...entries.values()].findLast((entry) => isOf(entry, viewer, itemId)),
    /** What `viewer` saw last of the original of an item. */
    latestOriginal: (viewer: string, itemId: string): Entry | undefined =>
      [...entries.values()].findLast(
        (entry) => entry.playback.shows === "original" && isOf(entry, viewer, itemId),
      ),
    /** Whether the proxy looks after what `viewer` plays: others then leave it alone. */
    isFollowed(viewer: string, itemId: string): boolean {
      const entry = this.latest(viewer, itemId);
      if (entry === undefined || entry.isOver) return false;
      const seenAtMs = Math.max(entry.playback.begunAtMs, entry.report?.atMs ?? 0);
      return clock.nowMs() - seenAtMs < FOLLOWED_MS;
    },
    /** Whether a player has left so shortly before that it may still ask for what it had begun with. */
    hasJustLeft(playSessionId: string): boolean {
      const { isOver = false, endedAtMs = -Infinity } = entries.get(playSessionId) ?? {};
      return isOver && clock.nowMs() - endedAtMs < LEAVING_MS;
    },
    /** Those that play now. */
    open: (): readonly Entry[] => [...entries.values()].filter(({ isOver }) => !isOver),
    report(playSessionId: string, { seconds, isPaused }: Omit<Report, "atMs">): void {
      const entry = entries.get(playSessionId);
      if (entry === undefined) return;
      entry.report = { seconds, isPaused, atMs: clock.nowMs() };
      entry.isOver = false;
      changed();
    },
    /** What was not known yet when it was answered. */
    learn(
      playSessionId: string,
      more: Partial<Pick<Playback, "streamId" | "whenReady" | "reason" | "madeAheadId">>,
    ): void {
      const entry = entries.get(playSessionId);
      if (entry !== undefined) entry.playback = { ...entry.playback, ...more };
      changed();
    },
    end(playSessionId: string): void {
      const entry = entries.get(playSessionId);
      if (entry === undefined) return;
      close(entry);
      changed();
    },
    /** Remembers where a playback goes when its stream fails, once `found` tells. */
    keepWayBack(playSessionId: string, found: Promise<string | undefined>): void {
      waysBack.set(playSessionId, found);
      void found.then((url) => {
        waysBack.delete(playSessionId);
        const entry = entries.get(playSessionId);
        if (entry === undefined || url === undefined) return;
        entry.wayBack = url;
        changed();
      });
    },
    wayBackOf: async (playSessionId: string): Promise<string | undefined> =>
      (await waysBack.get(playSessionId)) ?? entries.get(playSessionId)?.wayBack,
    /** A playback whose stream failed plays the original from now on, under the same session. */
    giveBack(playSessionId: string, reason: PassReason): void {
      const entry = entries.get(playSessionId);
      if (entry === undefined) return;
      entry.playback = { ...entry.playback, shows: "original", whenReady: "nothing", reason };
      this.choose(entry.playback.viewer, entry.playback.itemId, { shows: "original", reason });
    },
    choose(viewer: string, itemId: string, choice: Choice): void {
      choices.set(choiceKey(viewer, itemId), choice);
      bound(choices);
      changed();
    },
    choiceOf: (viewer: string, itemId: string): Choice | undefined =>
      choices.get(choiceKey(viewer, itemId)),
    snapshot: (): PlaybackSnapshot => ({
      entries: [...entries.values()].filter(({ isOver }) => !isOver),
      choices: [...choices],
    }),
    restore({ entries: kept, choices: chosen }: PlaybackSnapshot): void {
      for (const entry of kept) entries.set(entry.playback.playSessionId, entry);
      for (const [key, choice] of chosen) choices.set(key, choice);
    },
    /** Called after every change; returns the unsubscribe function. */
    onChange(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const isOf = ({ playback }: Entry, viewer: string, itemId: string | undefined): boolean =>
  playback.viewer === viewer && (itemId === undefined || playback.itemId === itemId);

export type Playbacks = ReturnType<typeof createPlaybacks>;
