import { toUpreelError, type StreamView, type Log } from "@upreel/core";
import {
  choosePlayMode,
  isLostIn,
  TICKS_PER_SECOND,
  type JellyfinClient,
  type Sighting,
  type Watching,
} from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import type { Config } from "../config.ts";
import type { StrmItem } from "./strm-library.ts";
import { isWorthSwitching } from "../viewing/worth-switching.ts";
import { markOf } from "./strm-mark.ts";

export interface ClientSwitchDependencies {
  readonly config: Config;
  readonly client: JellyfinClient;
  readonly streams: Streams;
  readonly watching: Watching;
  readonly log: Log;
  readonly libraryOf: (path: string) => Promise<string | undefined>;
  /** The item, or version of one, that plays a stream. */
  readonly itemOf: (streamId: string) => StrmItem | undefined;
  /** The index in the film's file of the sound that a stream has. */
  readonly ownSoundOf: (streamId: string) => Promise<number | undefined>;
  /** Whether there will be such an item. */
  readonly isComing: (streamId: string) => boolean;
}

export interface ClientSwitch extends Disposable {
  /** Looks who plays the film of this stream now; changes of the stream itself are seen anyway. */
  look(streamId: string): void;
}

const TOAST_MS = 8_000;

/**
 * Tells those who play the original that the upscaled film is ready, or switches their client to it
 * (`PlayNow` at the same position), by `ON_PLAY`; once for each film and player. The item of the
 * library has one sound and no subtitles: who has chosen others is told, not switched.
 */
export function switchClients(deps: ClientSwitchDependencies): ClientSwitch {
  const { streams, watching, log } = deps;
  /** Film by player; a player has one at a time. */
  const served = new Map<string, string>();

  async function serve(sighting: Sighting, status: StreamView): Promise<void> {
    const { situation, path } = sighting;
    const library = path === undefined ? undefined : await deps.libraryOf(path);
    const mode = choosePlayMode(deps.config.jellyfin.onPlay, { ...situation, library });
    const item = deps.itemOf(status.id);
    const { chosen } = sighting;
    const losesTracks = chosen !== undefined && isLostIn(await deps.ownSoundOf(status.id), chosen);
    if (mode === "automatic" && item !== undefined && !losesTracks) {
      await playUpscaled(sighting, item);
      log.info(`${status.title}: ${situation.client ?? sighting.viewer} plays it upscaled now`);
    } else if (mode === "ask" || mode === "automatic") await announce(sighting, status, item);
  }

  const playUpscaled = (
    { sessionId = "", situation, seconds }: Sighting,
    { itemId, mediaSourceId }: StrmItem,
  ): Promise<void> =>
    deps.client.playNow(sessionId, {
      // Android TV looks at the item alone; a version is an item, too.
      itemId: /android ?tv/i.test(situation.client ?? "") ? mediaSourceId : itemId,
      ...(itemId === mediaSourceId ? {} : { mediaSourceId }),
      positionTicks: Math.round(seconds * TICKS_PER_SECOND),
    });

  function announce(
    { sessionId = "" }: Sighting,
    { id, height, title }: StreamView,
    item: StrmItem | undefined,
  ): Promise<void> {
    const where =
      item !== undefined
        ? item.itemId === item.mediaSourceId
          ? "in the library Upscaled"
          : "as a version of the film"
        : deps.config.publicUrl === undefined
          ? "on Upreel's page"
          : `at ${deps.config.publicUrl}/watch/${id}`;
    const text = `${title} is ready upscaled${height === undefined ? "" : ` to ${height}p`}: ${where}`;
    return deps.client.showMessage(sessionId, { text, timeoutMs: TOAST_MS });
  }

  function look(status: StreamView): void {
    for (const { sighting, streamId } of watching.current()) {
      if (streamId !== status.id || served.get(sighting.viewer) === status.id) continue;
      if (!isWorthIt(sighting, status)) continue;
      // Jellyfin may not have found the item yet.
      if (deps.isComing(status.id)) continue;
      served.set(sighting.viewer, status.id);
      serve(sighting, status).catch((thrown: unknown) => {
        log.warn(`${status.title}: a client was not told: ${toUpreelError(thrown).message}`);
      });
    }
  }

  const unsubscribe = streams.subscribe((event) => {
    if (event.type === "status") look(event.status);
    else for (const [viewer, id] of served) if (id === event.id) served.delete(viewer);
  });
  return {
    look: (streamId) => {
      const status = streams.get(streamId);
      if (status !== undefined) look(status);
    },
    [Symbol.dispose]: unsubscribe,
  };
}

/** Whether a viewer of the original can be switched, and would gain by it. */
function isWorthIt(sighting: Sighting, status: StreamView): boolean {
  const { sessionId, isRemoteControlled, isPaused, seconds, path } = sighting;
  if (sessionId === undefined || !isRemoteControlled || isPaused) return false;
  return markOf(path ?? "") === undefined && isWorthSwitching(status, seconds);
}
