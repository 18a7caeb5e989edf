import { TICKS_PER_SECOND, type JellyfinClient, type JellyfinSession } from "@upreel/jellyfin";
import type { Playback } from "./playback.ts";

const TOAST_MS = 8_000;

/** The session in which a playback runs, if its client takes orders. */
export async function findSession(
  client: JellyfinClient,
  { viewer, itemId, sourceId }: Playback,
): Promise<JellyfinSession | undefined> {
  return (await client.sessions()).find(
    ({ DeviceId, SupportsRemoteControl, NowPlayingItem, PlayState }) =>
      DeviceId === viewer &&
      SupportsRemoteControl === true &&
      // Versions of a film are played under the item's id or under their own.
      (NowPlayingItem?.Id === itemId ||
        (NowPlayingItem?.Id !== undefined && PlayState?.MediaSourceId === sourceId)),
  );
}

/** What a client is told to do. */
export interface Order {
  readonly sessionId: string;
  /** Without, it goes on with what it plays. */
  readonly play?: Parameters<JellyfinClient["playNow"]>[1];
  readonly message?: string;
}

export async function giveOrder(
  client: JellyfinClient,
  { sessionId, play, message }: Order,
): Promise<void> {
  if (play !== undefined) await client.playNow(sessionId, play);
  if (message === undefined) return;
  await client.showMessage(sessionId, { text: message, timeoutMs: TOAST_MS });
}

/**
 * Makes a client ask for what it plays again, at its place, with its sound and subtitles. `seconds`: where it is, if
 * more is known of that than it reported.
 */
export const playAgain = (
  playback: Playback,
  { Id, PlayState }: JellyfinSession,
  message: string,
  seconds?: number,
): Order => ({
  sessionId: Id,
  play: {
    itemId: playback.itemId,
    mediaSourceId: playback.sourceId,
    positionTicks:
      seconds === undefined
        ? (PlayState?.PositionTicks ?? 0)
        : Math.round(seconds * TICKS_PER_SECOND),
    audioStreamIndex: PlayState?.AudioStreamIndex ?? playback.audioIndex,
    subtitleStreamIndex: PlayState?.SubtitleStreamIndex ?? playback.subtitleIndex,
  },
  message,
});

/** Clients of Jellyfin's REST interface that are kept; the oldest are forgotten. */
const MAX_CLIENTS = 100;

/**
 * Who gives orders to the client of a playback: the holder of the API key, else the client itself, by
 * the token in the URL of Jellyfin's own stream. A user may control his own devices.
 */
export function createRemoteControl(
  own: JellyfinClient | undefined,
  connect: (token: string) => JellyfinClient,
): (entry: { readonly wayBack?: string | undefined }) => JellyfinClient | undefined {
  const byToken = new Map<string, JellyfinClient>();
  return ({ wayBack }) => {
    if (own !== undefined || wayBack === undefined) return own;
    // `api_key` before 12.0.
    const query = [...new URL(wayBack, "http://jellyfin").searchParams];
    const token = query.find(([name]) => /^api_?key$/i.test(name))?.[1];
    if (token === undefined || token === "") return undefined;
    const known = byToken.get(token) ?? connect(token);
    byToken.delete(token);
    byToken.set(token, known);
    for (const oldest of byToken.keys()) if (byToken.size > MAX_CLIENTS) byToken.delete(oldest);
    return known;
  };
}
