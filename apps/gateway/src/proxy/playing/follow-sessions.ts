import { TICKS_PER_SECOND, type JellyfinSession, type SessionListener } from "@upreel/jellyfin";
import { leave, placeViewer, type LeaveDependencies } from "./playback-reports.ts";
import type { Entry } from "../../viewing/playback.ts";

/** Who was heard of so shortly before the list was asked for may be in it as he was before. */
const LIST_LAG_MS = 3_000;
/** Positions are taken from the list when clients do not report by here (nginx in front). */
const SILENT_MS = 15_000;

/**
 * Compares what is played with what Jellyfin lists: a page that was closed, or a device that plays
 * something else by another way, may never say so here.
 */
export function followSessions(deps: LeaveDependencies): SessionListener {
  const { playbacks, streams } = deps;

  function compare(entry: Entry, sessions: readonly JellyfinSession[], askedAtMs: number): void {
    const { playback, report } = entry;
    const seenAtMs = Math.max(playback.begunAtMs, report?.atMs ?? 0);
    if (playback.isShared === true || askedAtMs - seenAtMs < LIST_LAG_MS) return;
    const isSilent = askedAtMs - seenAtMs > SILENT_MS;
    const session = sessions.find((each) => isOf(each, entry));
    // Before its first report a client loads.
    if (session === undefined && (report !== undefined || isSilent))
      return leave(deps, playback.playSessionId, "stopped");
    const ticks = session?.PlayState?.PositionTicks;
    if (!isSilent || ticks === undefined || ticks === null) return;
    const isPaused = session?.PlayState?.IsPaused === true;
    const seconds = ticks / TICKS_PER_SECOND;
    playbacks.report(playback.playSessionId, { seconds, isPaused });
    placeViewer(streams, playback, seconds, isPaused);
  }

  return (sessions, askedAtMs) => {
    for (const entry of playbacks.open())
      if (entry.playback.streamId !== undefined) compare(entry, sessions, askedAtMs);
  };
}

/** Versions of a film are played under the item's id or under their own. */
const isOf = (
  { DeviceId, NowPlayingItem, PlayState }: JellyfinSession,
  { playback }: Entry,
): boolean =>
  DeviceId === playback.viewer &&
  (NowPlayingItem?.Id === playback.itemId ||
    (NowPlayingItem !== undefined &&
      NowPlayingItem !== null &&
      PlayState?.MediaSourceId === playback.sourceId));
