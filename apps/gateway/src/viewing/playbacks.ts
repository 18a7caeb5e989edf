import type { Clock } from "@upreel/core";
import type { PassReason } from "@upreel/jellyfin";
import { findPlaybacks, isOf } from "./find-playbacks.ts";
import type { Entry, Playback, Report } from "./playback.ts";
import { keepChoices, remember, type ViewerChoices } from "./viewer-choices.ts";
import { keepWaysBack } from "./ways-back.ts";

/** Longer than films: behind nginx nobody says here that a client has stopped. */
const FOLLOWED_MS = 6 * 3600_000;
/** A player that loads something else lets go of its requests so soon. */
const LEAVING_MS = 10_000;

/** All that is worth keeping over a restart. */
export interface PlaybackSnapshot extends ViewerChoices {
  readonly entries: readonly Entry[];
}

/** What clients play now and played lately. */
export function createPlaybacks(clock: Clock) {
  const entries = new Map<string, Entry>();
  const found = findPlaybacks(entries);
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const { choicesMade, ...chosen } = keepChoices(changed);
  const close = (entry: Entry): void => {
    if (!entry.isOver) entry.endedAtMs = clock.nowMs();
    entry.isOver = true;
  };
  return {
    begin(playback: Omit<Playback, "begunAtMs">): void {
      // Whoever asks again plays it in another way from now on; not all say that the first has ended.
      for (const entry of entries.values())
        if (isOf(entry, playback.viewer, playback.itemId)) close(entry);
      remember(entries, playback.playSessionId, {
        playback: { ...playback, begunAtMs: clock.nowMs() },
        report: undefined,
        isOver: false,
      });
      changed();
    },
    ageMs: ({ begunAtMs }: Pick<Playback, "begunAtMs">): number => clock.nowMs() - begunAtMs,
    ...found,
    ...chosen,
    /** Whether the proxy looks after what `viewer` plays: others then leave it alone. */
    isFollowed(viewer: string, itemId: string): boolean {
      const entry = found.latest(viewer, itemId);
      if (entry === undefined || entry.isOver) return false;
      const seenAtMs = Math.max(entry.playback.begunAtMs, entry.report?.atMs ?? 0);
      return clock.nowMs() - seenAtMs < FOLLOWED_MS;
    },
    /** Whether a player has left so shortly before that it may still ask for what it had begun with. */
    hasJustLeft(playSessionId: string): boolean {
      const { isOver = false, endedAtMs = -Infinity } = entries.get(playSessionId) ?? {};
      return isOver && clock.nowMs() - endedAtMs < LEAVING_MS;
    },
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
    ...keepWaysBack(entries, changed),
    /** A playback whose stream failed plays the original from now on, under the same session. */
    giveBack(playSessionId: string, reason: PassReason): void {
      const entry = entries.get(playSessionId);
      if (entry === undefined) return;
      entry.playback = { ...entry.playback, shows: "original", whenReady: "nothing", reason };
      chosen.choose(entry.playback.viewer, entry.playback.itemId, { shows: "original", reason });
    },
    snapshot: (): PlaybackSnapshot => ({ entries: found.open(), ...choicesMade() }),
    restore(kept: PlaybackSnapshot): void {
      for (const entry of kept.entries) entries.set(entry.playback.playSessionId, entry);
      chosen.restoreChoices(kept);
    },
    /** What clients played by a gateway that is gone. */
    inherit(gone: readonly Entry[]): void {
      for (const entry of gone) remember(entries, entry.playback.playSessionId, entry);
      changed();
    },
    /** Called after every change; returns the unsubscribe function. */
    onChange(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export type Playbacks = ReturnType<typeof createPlaybacks>;
