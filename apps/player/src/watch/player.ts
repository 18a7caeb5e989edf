import { batch, effect, type ReadonlySignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { chooseTracks } from "./choose-tracks.ts";
import { decide, type PictureKind, type Wish } from "./decide.ts";
import { createFilmChange } from "./film-change.ts";
import type { Picture } from "./picture.ts";
import type { Pictures } from "./pictures.ts";
import { createPlaybackState, type PlaybackView } from "./playback-state.ts";
import { preferences } from "./preferences.ts";
import { secondsAhead } from "./ranges.ts";
import { createStallWatch } from "./stall-watch.ts";
import { frameSeconds } from "./stream-shape.ts";

/** What the page can see of the playing and do with it. Times are seconds of the film. */
export interface Player extends PlaybackView {
  readonly pictures: Pictures;
  readonly active: () => Picture;
  readonly play: () => void;
  readonly pause: () => void;
  readonly toggle: () => void;
  readonly seek: (seconds: number) => void;
  /** For this film and all that come. */
  readonly setWish: (wish: Wish) => void;
  /** For this film: a look at the other picture is no wish for the next film. */
  readonly choose: (wish: Wish) => void;
  readonly setVolume: (volume: number, muted: boolean) => void;
  readonly setRate: (rate: number) => void;
  readonly chooseAudio: (name: string) => void;
  readonly chooseSubtitles: (name: string) => void;
}

const TICK_MS = 250;
/** After so long without trouble the past is forgotten. */
const FORGIVEN_AFTER_SECONDS = 300;
/** With so much in hand the original need not be begun with. */
const READY_AT_ONCE_SECONDS = 20;

interface PlayerParts {
  readonly id: string;
  readonly status: ReadonlySignal<StreamStatus>;
  readonly pictures: Pictures;
  readonly signal: AbortSignal;
}

/** Plays one stream: the original at once, the upscaled film as soon as enough of it is there. */
export function createPlayer({ id, status, pictures, signal: closing }: PlayerParts): Player {
  const state = createPlaybackState(id);
  const { showing, wish, position, duration, wantsToPlay, isWaiting, isOffered } = state;
  let fallbacks = 0;
  let fallbackAtMs = -Infinity;
  const { noteMove, look } = createStallWatch();

  const active = (): Picture => pictures[showing.peek()];
  const hasOriginal = (): boolean => pictures.original.problem.peek() === undefined;
  const secondsSince = (ms: number): number => (performance.now() - ms) / 1000;
  const noteFallback = (): void => {
    fallbacks++;
    fallbackAtMs = performance.now();
  };
  const startPlaying = (video: HTMLVideoElement): void => {
    video.playbackRate = state.rate.peek();
    // Browsers start a film with sound only after a click.
    video.play().catch((thrown: unknown) => {
      if (thrown instanceof DOMException && thrown.name === "NotAllowedError")
        wantsToPlay.value = false;
    });
  };
  const change = createFilmChange({
    ...{ pictures, state, startPlaying },
    frameSeconds: () => frameSeconds(status.peek()),
    onShown: noteMove,
    onFailed: noteFallback,
  });

  function seek(seconds: number): void {
    const to = Math.max(0, Math.min(seconds, Math.max(0, duration.peek() - 0.05)));
    position.value = to;
    noteMove();
    const isHere = secondsAhead(status.peek().ready_ranges, to) > Math.min(1, duration.peek() - to);
    const leaves = showing.peek() === "upscaled" && wish.peek() !== "upscaled" && !isHere;
    if (leaves && hasOriginal()) return change.jumpTo("original", to);
    change.end();
    active().seek(to);
    if (wantsToPlay.peek()) startPlaying(active().video);
  }

  function tick(): void {
    const { video, time, end } = active();
    const total = status.peek().duration_seconds ?? (Number.isFinite(end()) ? end() : 0);
    const stalled = look(video);
    if (showing.peek() === "upscaled" && secondsSince(fallbackAtMs) > FORGIVEN_AFTER_SECONDS)
      fallbacks = 0;
    batch(() => {
      duration.value = total;
      // While a change is under way the position is where it leads.
      if (!video.seeking && video.readyState > 0 && !(change.isUnderWay() && video.paused))
        position.value = Math.max(0, time());
      isWaiting.value = wantsToPlay.peek() && !video.ended && (video.readyState < 3 || stalled > 1);
      if (video.ended) wantsToPlay.value = false;
    });
    if (total > 0 && video.readyState > 0) preferences.keepPlace(id, position.peek(), total);
    if (!change.isUnderWay()) consider(stalled);
  }

  function consider(stalledSeconds: number): void {
    const { state: streamState, speed, ready_ranges: ready } = status.peek();
    const decision = decide({
      ...{ wish: wish.peek(), showing: showing.peek(), hasOriginal: hasOriginal() },
      ...{ positionSeconds: position.peek(), durationSeconds: duration.peek() },
      ...{ state: streamState, speed, ready, fallbacks },
      stalledSeconds: wantsToPlay.peek() ? stalledSeconds : 0,
      upscaledFailed: pictures.upscaled.problem.peek() !== undefined || streamState === "failed",
      sinceFallbackSeconds: secondsSince(fallbackAtMs),
    });
    isOffered.value = decision === "offer_upscaled";
    if (decision === "to_upscaled") change.swapTo("upscaled");
    if (decision !== "to_original") return;
    if (wish.peek() !== "original") noteFallback();
    // One that has never shown anything cannot tell where it is.
    if (active().video.readyState === 0) change.jumpTo("original", position.peek());
    else change.swapTo("original");
  }

  function begin(kind: PictureKind): void {
    change.end();
    for (const picture of Object.values(pictures)) if (picture.kind !== kind) picture.rest();
    showing.value = kind;
    active().seek(position.peek());
    active().video.volume = state.volume.peek();
    active().video.muted = state.muted.peek();
    if (wantsToPlay.peek()) startPlaying(active().video);
  }

  const isReadyAtOnce =
    status.peek().state === "complete" ||
    secondsAhead(status.peek().ready_ranges, position.peek()) > READY_AT_ONCE_SECONDS;
  const beginsUpscaled = wish.peek() === "upscaled" || (wish.peek() === "auto" && isReadyAtOnce);
  begin(beginsUpscaled ? "upscaled" : "original");
  const timer = setInterval(tick, TICK_MS);
  const stopChoosing = chooseTracks(pictures, state);
  // What cannot be played here at all is left at once.
  const stopWatching = effect(() => {
    const isLost = pictures.original.problem.value !== undefined;
    if (isLost && showing.peek() === "original") begin("upscaled");
  });
  closing.addEventListener("abort", () => {
    clearInterval(timer);
    stopWatching();
    stopChoosing();
    change.end();
    for (const picture of Object.values(pictures)) picture.close();
  });

  const player: Player = {
    ...{ ...state, pictures, active, seek },
    chooseAudio(name) {
      state.audio.value = name;
      preferences.keepTracks({ audio: name });
    },
    chooseSubtitles(name) {
      state.subtitles.value = name;
      preferences.keepTracks({ subtitles: name });
    },
    play() {
      wantsToPlay.value = true;
      if (active().video.ended) seek(0);
      startPlaying(active().video);
    },
    pause() {
      wantsToPlay.value = false;
      for (const { video } of Object.values(pictures)) video.pause();
    },
    toggle: () => (wantsToPlay.peek() ? player.pause() : player.play()),
    setWish(next) {
      preferences.keepWish(next);
      player.choose(next);
    },
    choose(next) {
      wish.value = next;
      fallbacks = 0;
      fallbackAtMs = -Infinity;
      change.end();
    },
    setVolume(volume, isMuted) {
      state.volume.value = Math.max(0, Math.min(1, volume));
      state.muted.value = isMuted;
      active().video.volume = state.volume.value;
      active().video.muted = isMuted;
      preferences.keepVolume(state.volume.value, isMuted);
    },
    setRate(next) {
      state.rate.value = next;
      for (const { video } of Object.values(pictures)) video.playbackRate = next;
    },
  };
  return player;
}
