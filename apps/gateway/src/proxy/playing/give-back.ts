import { tellAdvice, toUpreelError, type StreamView, type Log, type Clock } from "@upreel/core";
import { passReason, type JellyfinClient, type PassReason } from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import { shared } from "../../waiting/shared.ts";
import type { Entry, Playback } from "../../viewing/playback.ts";
import type { Playbacks } from "../../viewing/playbacks.ts";
import { findSession, giveOrder, playAgain } from "../../viewing/remote-control.ts";

export interface GiveBackDependencies {
  readonly streams: Streams;
  readonly playbacks: Playbacks;
  readonly clock: Clock;
  readonly log: Log;
  readonly remoteOf: (entry: Entry) => JellyfinClient | undefined;
}

/** So long without a lead and without hope, and the original is better. */
const STALLED_MS = 10_000;
/** A stream that makes nothing for so long is as good as one that failed. */
const STUCK_MS = 20_000;
/** A client that did not do as it was told is told again. */
const AGAIN_AFTER_MS = 15_000;

/** Streams remembered. */
const MOST_STREAMS = 1_000;

interface Making {
  readonly segments: number;
  readonly sinceMs: number;
  /** Why it failed since it last made something. */
  readonly failure: string | undefined;
}

/**
 * Sends viewers back to the original whose stream fails for good in mid-play, or is too slow: their
 * client is told to play the film again at the same place, and now gets Jellyfin's own answer. Whatever
 * is asked of such a stream is held meanwhile: an error would end the film.
 */
export function createGiveBack(deps: GiveBackDependencies) {
  const { streams, playbacks, clock, log } = deps;
  const making = new Map<string, Making>();
  const stalledSinceMs = new WeakMap<Playback, number>();
  const toldAtMs = new WeakMap<Playback, number>();
  /** Other gateways have them now, and tell of them no more. */
  const left = new Set<string>();

  const note = (id: string, segments: number, failure: string | undefined): void => {
    const known = making.get(id);
    // One that is tried again and again is not better for being queued in between.
    if (known === undefined || segments > known.segments)
      making.set(id, { segments, sinceMs: clock.nowMs(), failure });
    else if (failure !== undefined) making.set(id, { ...known, segments, failure });
    forgetOldest(making);
  };
  const unsubscribe = streams.subscribe((event) => {
    if (event.type === "removed") return note(event.id, 0, "its stream was deleted");
    if (event.type === "left") {
      left.add(event.id);
      forgetOldest(left);
      return void making.delete(event.id);
    }
    left.delete(event.status.id);
    const { id, state, segmentsReady: segments, reason } = event.status;
    if (state === "complete") return void making.delete(id);
    note(id, segments, state === "failed" ? (reason?.message ?? "it failed") : undefined);
  });

  /** Why there is no hope for a viewer whose stream has no lead. */
  function whyHopeless(id: string, status: StreamView | undefined): PassReason | undefined {
    if (status?.state === "complete") return undefined;
    const { failure, sinceMs = clock.nowMs() } = making.get(id) ?? {};
    if (failure !== undefined || status === undefined || status.state === "failed")
      return passReason("stream_failed", failure ?? status?.reason?.message ?? "it is gone");
    if (status.advice === "original")
      return passReason("cannot_hold", tellAdvice(status.adviceTold));
    return clock.nowMs() - sinceMs > STUCK_MS
      ? passReason("stream_failed", "nothing of it is made any more")
      : undefined;
  }

  function whyStalled({ playback, report }: Entry): PassReason | undefined {
    const { streamId } = playback;
    if (streamId === undefined || report === undefined || left.has(streamId)) return undefined;
    const status = streams.get(streamId);
    if (report.isPaused || (status?.leadSeconds ?? 0) > 1) {
      stalledSinceMs.delete(playback);
      return undefined;
    }
    const since = stalledSinceMs.get(playback) ?? clock.nowMs();
    stalledSinceMs.set(playback, since);
    return clock.nowMs() - since > STALLED_MS ? whyHopeless(streamId, status) : undefined;
  }

  async function giveBack(entry: Entry, reason: PassReason): Promise<void> {
    const { playback } = entry;
    const remote = deps.remoteOf(entry);
    if (remote === undefined) return;
    if (clock.nowMs() - (toldAtMs.get(playback) ?? -Infinity) < AGAIN_AFTER_MS) return;
    const session = await findSession(remote, playback);
    if (session === undefined) return;
    toldAtMs.set(playback, clock.nowMs());
    playbacks.choose(playback.viewer, playback.itemId, { shows: "original", reason });
    const what = reason.code === "cannot_hold" ? "the upscale is too slow" : "the upscale failed";
    const { streamId = "", playSessionId } = playback;
    // Its last report is up to ten seconds old, and may be of a place that it has jumped away from.
    const seconds = streams.viewerSeconds(streamId, playSessionId);
    await giveOrder(remote, playAgain(playback, session, `Back to the original: ${what}`, seconds));
    log.warn(`${playback.client ?? "A client"} is sent back to the original: ${reason.message}`);
  }

  return {
    /** Looks at everybody who plays upscaled; called every few seconds, one look at a time. Never rejects. */
    tick: shared(async () => {
      for (const entry of playbacks.open()) {
        if (entry.playback.shows !== "upscaled") continue;
        const reason = whyStalled(entry);
        if (reason === undefined) continue;
        await giveBack(entry, reason).catch((thrown: unknown) => {
          log.warn(`A client is not sent back for now: ${toUpreelError(thrown).message}`);
        });
      }
    }),
    [Symbol.dispose]: unsubscribe,
  };
}

function forgetOldest(streams: Map<string, unknown> | Set<string>): void {
  for (const id of streams.keys()) if (streams.size > MOST_STREAMS) streams.delete(id);
}
