import { toUpreelError, type Log, type StreamView } from "@upreel/core";
import { TICKS_PER_SECOND, type JellyfinClient, type JellyfinSession } from "@upreel/jellyfin";
import type { Playback } from "../../viewing/playback.ts";
import type { Playbacks } from "../../viewing/playbacks.ts";
import { findSession, playAgain } from "../../viewing/remote-control.ts";
import type { Candidate } from "../../viewing/switcher.ts";
import type { TimedClock } from "../../waiting/timed-clock.ts";
import { within } from "../../waiting/within.ts";
import { HOT_SECONDS } from "./heat-stream.ts";

export interface ProxiedPlayersDependencies {
  readonly playbacks: Playbacks;
  readonly client: JellyfinClient;
  readonly clock: TimedClock;
  readonly log: Log;
  /** Has ready what a client asks for first that begins there; rejects where that cannot be. */
  readonly heat: (playback: Playback, seconds: number) => Promise<void>;
}

/** Sound is made in batches of a second's work. */
const LONGEST_HEAT_MS = 5_000;

/**
 * Who plays originals through the proxy, and how they change over: each client asks for its PlaybackInfo
 * again at the same position, sound and subtitles; the choice made here decides what it gets.
 */
export function proxiedPlayers(deps: ProxiedPlayersDependencies): () => readonly Candidate[] {
  const { playbacks, client, clock, log } = deps;

  async function tellReady(
    playback: Playback,
    { title, height }: StreamView,
  ): ReturnType<Candidate["prepare"]> {
    const session = await findSession(client, playback);
    return session === undefined
      ? "nothing"
      : { sessionId: session.Id, message: `${title} is ready upscaled to ${height}p` };
  }

  async function toUpscaled(
    playback: Playback,
    { height }: StreamView,
  ): ReturnType<Candidate["prepare"]> {
    const before = await findSession(client, playback);
    // Whatever is missing when the client asks is a black picture meanwhile: then it is told another time.
    if (before === undefined || !(await isHot(playback, secondsOf(before)))) return "later";
    // Where it is by now, if it still plays that.
    const session = await findSession(client, playback);
    if (session === undefined) return "later";
    const moved = secondsOf(session) - secondsOf(before);
    if (moved < 0 || moved > HOT_SECONDS) return "later";
    playbacks.choose(playback.viewer, playback.itemId, { shows: "upscaled" });
    return playAgain(playback, session, `Upscaled to ${height}p`);
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

  return () =>
    playbacks.open().flatMap(({ playback, report }): Candidate[] => {
      const { streamId, shows, whenReady } = playback;
      if (streamId === undefined || report === undefined || report.isPaused) return [];
      if (shows !== "original" || whenReady === "nothing") return [];
      const serve = whenReady === "switch" ? toUpscaled : tellReady;
      const { viewer, client: name } = playback;
      return [
        {
          ...{ play: playback, viewer, client: name, streamId, seconds: report.seconds },
          prepare: (status) => serve(playback, status),
        },
      ];
    });
}

const secondsOf = ({ PlayState }: JellyfinSession): number =>
  (PlayState?.PositionTicks ?? 0) / TICKS_PER_SECOND;
