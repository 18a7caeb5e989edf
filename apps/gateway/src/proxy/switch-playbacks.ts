import { toUpreelError, type StreamStatus } from "@upreel/core";
import { passReason, type JellyfinClient, type JellyfinSession } from "@upreel/jellyfin";
import type { Log, Streams } from "@upreel/streams";
import { createSessionFollower } from "./follow-sessions.ts";
import type { Entry, Playback, Playbacks } from "./playbacks.ts";

export interface SwitchDependencies {
  readonly streams: Streams;
  readonly playbacks: Playbacks;
  readonly client: JellyfinClient;
  readonly clock: { nowMs(): number };
  readonly log: Log;
}

/** Made beyond the viewer before his client is switched; a switch costs half a second of it. */
const ENOUGH_LEAD_SECONDS = 20;
/** Nobody wants to be switched shortly before the end. */
const WORTH_SECONDS = 60;
/** So long without a lead and without hope, and the original is better. */
const STALLED_MS = 10_000;
/** A switch that did not help is not repeated at once, nor for ever. */
const AGAIN_AFTER_MS = 60_000;
const MAX_SWITCHES = 4;
const TOAST_MS = 5_000;

interface Switching {
  count: number;
  atMs: number;
  stalledSinceMs: number | undefined;
}

/**
 * Changes clients over while they play, by remote control: from the original to the upscaled stream
 * when that has enough lead, and back when it cannot hold. Each client asks for its PlaybackInfo
 * again at the same position, sound and subtitles; the choice made here decides what it gets.
 */
export function createPlaybackSwitch(deps: SwitchDependencies) {
  const { streams, playbacks, client, clock, log } = deps;
  const follower = createSessionFollower(deps);
  const done = new WeakMap<Playback, "told" | "switched">();
  const history = new Map<string, Switching>();
  const stateOf = ({ viewer, itemId }: Playback): Switching => {
    const key = `${viewer}\n${itemId}`;
    const known = history.get(key) ?? { count: 0, atMs: -Infinity, stalledSinceMs: undefined };
    history.set(key, known);
    for (const oldest of history.keys()) if (history.size > 1_000) history.delete(oldest);
    return known;
  };

  async function look(entry: Entry): Promise<void> {
    const { playback, report } = entry;
    const status = streams.list().find(({ id }) => id === playback.streamId);
    if (status === undefined || report === undefined || done.has(playback)) return;
    const state = stateOf(playback);
    if (playback.shows === "upscaled") {
      if (isStalled(status, report.isPaused, state)) await toOriginal(playback, status, state);
    } else if (!report.isPaused && hasEnough(status, report.seconds)) {
      if (playback.whenReady === "switch") await toUpscaled(playback, status, state);
      if (playback.whenReady === "tell") {
        done.set(playback, "told");
        const session = await sessionOf(playback);
        if (session !== undefined)
          await tell(session, `${status.title} is ready upscaled to ${status.height}p`);
      }
    }
  }

  function isStalled(status: StreamStatus, isPaused: boolean, state: Switching): boolean {
    const isHopeless = status.state === "failed" || status.advice === "original";
    if (isPaused || !isHopeless || status.lead_seconds > 1) state.stalledSinceMs = undefined;
    else state.stalledSinceMs ??= clock.nowMs();
    return state.stalledSinceMs !== undefined && clock.nowMs() - state.stalledSinceMs > STALLED_MS;
  }

  async function toUpscaled(
    playback: Playback,
    status: StreamStatus,
    state: Switching,
  ): Promise<void> {
    const choice = { shows: "upscaled" } as const;
    const text = `Upscaled to ${status.height}p`;
    if (await changeOver(playback, state, choice, text))
      log.info(
        `${status.title}: ${playback.client ?? "a client"} is switched to the upscaled film`,
      );
  }

  async function toOriginal(
    playback: Playback,
    status: StreamStatus,
    state: Switching,
  ): Promise<void> {
    const reason = passReason(
      "cannot_hold",
      status.reason?.message ?? status.advice_text ?? "this machine is too slow for it",
    );
    const choice = { shows: "original", reason } as const;
    if (await changeOver(playback, state, choice, "Back to the original: the upscale is too slow"))
      log.warn(
        `${status.title}: ${playback.client ?? "a client"} is switched back: ${reason.message}`,
      );
  }

  async function changeOver(
    playback: Playback,
    state: Switching,
    choice: Parameters<Playbacks["choose"]>[2],
    text: string,
  ): Promise<boolean> {
    const nowMs = clock.nowMs();
    if (state.count >= MAX_SWITCHES || nowMs - state.atMs < AGAIN_AFTER_MS) return false;
    const session = await sessionOf(playback);
    if (session === undefined) return false;
    state.count += 1;
    state.atMs = nowMs;
    state.stalledSinceMs = undefined;
    done.set(playback, "switched");
    playbacks.choose(playback.viewer, playback.itemId, choice);
    const { PositionTicks, AudioStreamIndex, SubtitleStreamIndex } = session.PlayState ?? {};
    await client.playNow(session.Id, {
      itemId: playback.itemId,
      mediaSourceId: playback.sourceId,
      positionTicks: PositionTicks ?? 0,
      audioStreamIndex: AudioStreamIndex ?? playback.audioIndex,
      subtitleStreamIndex: SubtitleStreamIndex ?? playback.subtitleIndex,
    });
    await tell(session, text);
    return true;
  }

  async function sessionOf({ viewer, itemId }: Playback): Promise<JellyfinSession | undefined> {
    return (await client.sessions()).find(
      (session) =>
        session.DeviceId === viewer &&
        session.NowPlayingItem?.Id === itemId &&
        session.SupportsRemoteControl === true,
    );
  }

  const tell = (session: JellyfinSession, text: string): Promise<void> =>
    client.showMessage(session.Id, { text, timeoutMs: TOAST_MS });

  return {
    /** Looks at everybody who plays; called every few seconds. Never rejects. */
    async tick(): Promise<void> {
      try {
        const open = playbacks.open().filter(({ playback }) => playback.streamId !== undefined);
        await follower.look(open);
        for (const entry of open) if (!entry.isOver) await look(entry);
      } catch (thrown) {
        log.warn(`Clients are not switched for now: ${toUpreelError(thrown).message}`);
      }
    },
  };
}

/** Whether enough is there beyond the viewer, and made fast enough to stay ahead of him. */
function hasEnough(status: StreamStatus, seconds: number): boolean {
  const end = status.duration_seconds ?? 0;
  if (end - seconds < WORTH_SECONDS) return false;
  const to = Math.min(end, seconds + ENOUGH_LEAD_SECONDS);
  const isMade = status.ready_ranges.some(([first, last]) => first <= seconds && to <= last);
  return isMade && (status.state === "complete" || status.advice === "upscaled");
}
