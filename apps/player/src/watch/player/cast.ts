import { signal, type ReadonlySignal } from "@preact/signals";
import type { Player } from "./player-controls.ts";

/** Another screen that the browser knows: Chromecast, AirPlay. */
export interface Cast {
  /** There is one near here. */
  readonly isAvailable: ReadonlySignal<boolean>;
  /** The film plays there, and this page is its remote control. */
  readonly isConnected: ReadonlySignal<boolean>;
  readonly isPlaying: ReadonlySignal<boolean>;
  /** Lets the viewer choose a screen, or leave it; at a press of his only. */
  readonly choose: () => void;
  readonly toggle: () => void;
  readonly seekBy: (seconds: number) => void;
}

/** What WebKit had before there was a standard. */
type WebKitVideo = HTMLVideoElement & {
  readonly webkitShowPlaybackTargetPicker?: () => void;
  readonly webkitCurrentPlaybackTargetIsWireless?: boolean;
};

interface CastParts {
  /** Never seen: screens play addresses, and the pictures of the page have none. */
  readonly video: HTMLVideoElement;
  readonly url: string;
  readonly player: Pick<Player, "pause" | "play" | "seek" | "position" | "wantsToPlay">;
  readonly signal: AbortSignal;
}

/** Plays the upscaled film on another screen from where it is here, and goes on here from where it was there. */
export function createCast({ video, url, player, signal: closing }: CastParts): Cast {
  const isAvailable = signal(false);
  const isConnected = signal(false);
  const isPlaying = signal(false);
  const webkit = video as WebKitVideo;
  video.preload = "none";
  video.setAttribute("x-webkit-airplay", "allow");
  video.src = url;

  const connect = (): void => {
    if (isConnected.peek()) return;
    const wasPlaying = player.wantsToPlay.peek();
    isConnected.value = true;
    player.pause();
    video.currentTime = player.position.peek();
    if (wasPlaying) void video.play().catch(() => undefined);
  };
  const disconnect = (): void => {
    if (!isConnected.peek()) return;
    const wasPlaying = isPlaying.peek();
    isConnected.value = false;
    video.pause();
    player.seek(video.currentTime);
    if (wasPlaying) player.play();
  };
  const listen = (target: EventTarget, name: string, listener: (event: Event) => void): void =>
    target.addEventListener(name, listener, { signal: closing });
  listen(video, "play", () => void (isPlaying.value = true));
  listen(video, "pause", () => void (isPlaying.value = false));
  closing.addEventListener("abort", () => {
    video.removeAttribute("src");
    video.load();
  });

  const remote: RemotePlayback | undefined = "remote" in video ? video.remote : undefined;
  if (remote !== undefined) {
    // Rejected where nothing can be watched for; then there is no button.
    remote.watchAvailability((is) => void (isAvailable.value = is)).catch(() => undefined);
    listen(remote, "connect", connect);
    listen(remote, "disconnect", disconnect);
  } else if (webkit.webkitShowPlaybackTargetPicker !== undefined) {
    listen(video, "webkitplaybacktargetavailabilitychanged", (event) => {
      isAvailable.value = "availability" in event && event.availability === "available";
    });
    listen(video, "webkitcurrentplaybacktargetiswirelesschanged", () =>
      webkit.webkitCurrentPlaybackTargetIsWireless === true ? connect() : disconnect(),
    );
  }

  return {
    ...{ isAvailable, isConnected, isPlaying },
    choose() {
      if (remote === undefined) webkit.webkitShowPlaybackTargetPicker?.();
      // Closed without a choice.
      else remote.prompt().catch(() => undefined);
    },
    toggle() {
      if (isPlaying.peek()) video.pause();
      else void video.play().catch(() => undefined);
    },
    seekBy: (seconds) => void (video.currentTime = Math.max(0, video.currentTime + seconds)),
  };
}
