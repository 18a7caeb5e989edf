import { effect } from "@preact/signals";
import type { Player } from "./player-controls.ts";

/** Keys of headsets and the cards that systems show for what plays. */
export function joinMediaSession(player: Player, title: () => string, signal: AbortSignal): void {
  if (!("mediaSession" in navigator)) return;
  const { mediaSession } = navigator;
  const handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: player.play,
    pause: player.pause,
    seekbackward: ({ seekOffset }) => player.seek(player.position.value - (seekOffset ?? 10)),
    seekforward: ({ seekOffset }) => player.seek(player.position.value + (seekOffset ?? 10)),
    seekto: ({ seekTime }) => player.seek(seekTime ?? 0),
  };
  const handle = (action: string, handler: MediaSessionActionHandler | null): void => {
    try {
      mediaSession.setActionHandler(action as MediaSessionAction, handler);
    } catch {
      // An older browser, as televisions have, does not know this action.
    }
  };
  for (const [action, handler] of Object.entries(handlers)) handle(action, handler);
  const stop = effect(() => {
    const duration = player.duration.value;
    mediaSession.playbackState = player.wantsToPlay.value ? "playing" : "paused";
    if (duration <= 0 || !("setPositionState" in mediaSession)) return;
    mediaSession.setPositionState({
      duration,
      playbackRate: player.rate.value,
      position: Math.min(player.position.value, duration),
    });
  });
  mediaSession.metadata = new MediaMetadata({ title: title() });
  signal.addEventListener("abort", () => {
    stop();
    for (const action of Object.keys(handlers)) handle(action, null);
  });
}
