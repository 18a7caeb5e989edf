import { toUpreelError, type StreamView, type Log } from "@upreel/core";
import { TICKS_PER_SECOND, type JellyfinClient, type JellyfinSession } from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import type { TimedClock } from "../waiting/timed-clock.ts";
import { shared } from "../waiting/shared.ts";
import { within } from "../waiting/within.ts";
import { createSessionFollower } from "./follow-sessions.ts";
import { HOT_SECONDS } from "./heat-stream.ts";
import type { Entry, Playback, Playbacks } from "../viewing/playbacks.ts";
import { isWorthSwitching } from "../viewing/worth-switching.ts";
import { findSession, playAgain, tellSession } from "./remote-control.ts";

export interface SwitchDependencies {
  readonly streams: Streams;
  readonly playbacks: Playbacks;
  readonly client: JellyfinClient;
  readonly clock: TimedClock;
  readonly log: Log;
  /** Has ready what a client asks for first that begins there; rejects where that cannot be. */
  readonly heat: (playback: Playback, seconds: number) => Promise<void>;
}

/** A switch that did not help is not repeated at once, nor for ever. */
const AGAIN_AFTER_MS = 60_000;
const MAX_SWITCHES = 4;
/** Sound is made in batches of a second's work. */
const LONGEST_HEAT_MS = 5_000;

interface Switching {
  count: number;
  atMs: number;
}

/**
 * Changes clients over while they play, by remote control: from the original to the upscaled stream
 * when that has enough lead. Each client asks for its PlaybackInfo again at the same position, sound
 * and subtitles; the choice made here decides what it gets.
 */
export function createPlaybackSwitch(deps: SwitchDependencies) {
  const { streams, playbacks, client, clock, log } = deps;
  const follower = createSessionFollower(deps);
  /** Told or switched: once is enough. */
  const done = new WeakSet<Playback>();
  const history = new Map<string, Switching>();
  const stateOf = ({ viewer, itemId }: Playback): Switching => {
    const key = `${viewer}\n${itemId}`;
    const known = history.get(key) ?? { count: 0, atMs: -Infinity };
    history.set(key, known);
    for (const oldest of history.keys()) if (history.size > 1_000) history.delete(oldest);
    return known;
  };

  async function look(entry: Entry): Promise<void> {
    const { playback, report } = entry;
    const status = playback.streamId === undefined ? undefined : streams.get(playback.streamId);
    if (status === undefined || report === undefined || done.has(playback)) return;
    if (playback.shows !== "original" || report.isPaused) return;
    if (!isWorthSwitching(status, report.seconds)) return;
    if (playback.whenReady === "switch") await toUpscaled(playback, status);
    if (playback.whenReady === "tell") await tellReady(playback, status);
  }

  async function tellReady(playback: Playback, { title, height }: StreamView): Promise<void> {
    done.add(playback);
    const session = await findSession(client, playback);
    if (session !== undefined)
      await tellSession(client, session, `${title} is ready upscaled to ${height}p`);
  }

  async function toUpscaled(playback: Playback, status: StreamView): Promise<void> {
    const state = stateOf(playback);
    const nowMs = clock.nowMs();
    if (state.count >= MAX_SWITCHES || nowMs - state.atMs < AGAIN_AFTER_MS) return;
    const before = await findSession(client, playback);
    // Whatever is missing when the client asks is a black picture meanwhile: then it is told another time.
    if (before === undefined || !(await isHot(playback, secondsOf(before)))) return;
    // Where it is by now, if it still plays that.
    const session = await findSession(client, playback);
    if (session === undefined) return;
    const moved = secondsOf(session) - secondsOf(before);
    if (moved < 0 || moved > HOT_SECONDS) return;
    state.count += 1;
    state.atMs = nowMs;
    done.add(playback);
    playbacks.choose(playback.viewer, playback.itemId, { shows: "upscaled" });
    await playAgain(client, playback, session);
    await tellSession(client, session, `Upscaled to ${status.height}p`);
    log.info(`${status.title}: ${playback.client ?? "a client"} is switched to the upscaled film`);
  }

  async function isHot(playback: Playback, seconds: number): Promise<boolean> {
    try {
      const heated = deps.heat(playback, seconds).then(() => true);
      return (await within(heated, { ms: LONGEST_HEAT_MS, clock })) ?? false;
    } catch (thrown) {
      log.debug(`A change is not made ready: ${toUpreelError(thrown).message}`);
      return false;
    }
  }

  return {
    /**
     * Looks at everybody who plays; called every few seconds, which one look may outlast: two at once would
     * give a client two orders. Never rejects.
     */
    tick: shared(async () => {
      try {
        const open = playbacks.open().filter(({ playback }) => playback.streamId !== undefined);
        await follower.look(open);
        for (const entry of open) if (!entry.isOver) await look(entry);
      } catch (thrown) {
        log.warn(`Clients are not switched for now: ${toUpreelError(thrown).message}`);
      }
    }),
  };
}

const secondsOf = ({ PlayState }: JellyfinSession): number =>
  (PlayState?.PositionTicks ?? 0) / TICKS_PER_SECOND;
