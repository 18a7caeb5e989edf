import type { JellyfinSession } from "../client/schemas.ts";
import { sightingIn, type Sighting } from "./sighting.ts";
import type { Viewer } from "./viewers.ts";

const FORGOTTEN_AFTER_MS = 60 * 60_000;
/** Who was seen so shortly before the list was asked for may not be in it yet. */
const LIST_LAG_MS = 2_000;

interface KnownViewers {
  readonly viewers: ReadonlyMap<string, Viewer>;
  /** When webhooks told the end of players; those that no list can contradict any more are forgotten. */
  readonly stopped: Map<string, number>;
  readonly see: (sighting: Sighting, checkIn: string | undefined) => void;
  readonly leave: (name: string) => void;
  readonly nowMs: number;
}

/** The whole list, as asked for at `askedAtMs`: who is not in it has stopped. */
export function noteSessions(
  sessions: readonly JellyfinSession[],
  askedAtMs: number,
  { viewers, stopped, see, leave, nowMs }: KnownViewers,
): void {
  const seen = new Set<string>();
  for (const session of sessions) {
    const sighting = sightingIn(session);
    if (sighting === undefined) continue;
    // The list may be older than the Stop that a webhook told.
    const stoppedAtMs = stopped.get(sighting.viewer) ?? -Infinity;
    if (stoppedAtMs > askedAtMs - LIST_LAG_MS) continue;
    seen.add(sighting.viewer);
    see(sighting, session.LastPlaybackCheckIn ?? undefined);
  }
  for (const [name, atMs] of stopped) if (atMs <= askedAtMs - LIST_LAG_MS) stopped.delete(name);
  for (const [name, { seenAtMs, sighting }] of viewers) {
    const isOlder = seenAtMs < askedAtMs - LIST_LAG_MS;
    const hasStopped = sighting.isNamedByDevice && !seen.has(name) && isOlder;
    if (hasStopped || nowMs - seenAtMs > FORGOTTEN_AFTER_MS) leave(name);
  }
}
