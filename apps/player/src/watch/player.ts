import { batch, effect, signal, type ReadonlySignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { decide, type PictureKind, type Wish } from "./decide.ts";
import type { Picture } from "./picture.ts";
import type { Pictures } from "./pictures.ts";
import { preferences } from "./preferences.ts";
import { secondsAhead } from "./ranges.ts";
import { frameSeconds } from "./stream-shape.ts";
import { handOverSound, readyAt, swap } from "./swap.ts";

/** What the page can see of the playing and do with it. Times are seconds of the film. */
export interface Player {
  readonly pictures: Pictures;
  readonly showing: ReadonlySignal<PictureKind>;
  readonly wish: ReadonlySignal<Wish>;
  readonly position: ReadonlySignal<number>;
  readonly duration: ReadonlySignal<number>;
  readonly wantsToPlay: ReadonlySignal<boolean>;
  /** It should play and stands still. */
  readonly isWaiting: ReadonlySignal<boolean>;
  /** The upscaled film is ready and the viewer wants to be asked. */
  readonly isOffered: ReadonlySignal<boolean>;
  readonly volume: ReadonlySignal<number>;
  readonly muted: ReadonlySignal<boolean>;
  readonly rate: ReadonlySignal<number>;
  /** Names of the chosen tracks, for both films; null for the film's own choice, "" for no subtitles. */
  readonly audio: ReadonlySignal<string | null>;
  readonly subtitles: ReadonlySignal<string | null>;
  readonly active: () => Picture;
  readonly play: () => void;
  readonly pause: () => void;
  readonly toggle: () => void;
  readonly seek: (seconds: number) => void;
  readonly setWish: (wish: Wish) => void;
  readonly setVolume: (volume: number, muted: boolean) => void;
  readonly setRate: (rate: number) => void;
  readonly chooseAudio: (name: string) => void;
  readonly chooseSubtitles: (name: string) => void;
}

const TICK_MS = 250;
/** A seek may take that much longer than a picture that stops in mid-play. */
const SEEK_GRACE_SECONDS = 2;
/** After so long without trouble the past is forgotten. */
const FORGIVEN_AFTER_SECONDS = 300;
/** With so much in hand the original need not be begun with. */
const READY_AT_ONCE_SECONDS = 20;

export interface PlayerParts {
  readonly id: string;
  readonly status: ReadonlySignal<StreamStatus>;
  readonly pictures: Pictures;
  readonly signal: AbortSignal;
}

/** Plays one stream: the original at once, the upscaled film as soon as enough of it is there. */
export function createPlayer({ id, status, pictures, signal: closing }: PlayerParts): Player {
  const kept = preferences.read();
  const showing = signal<PictureKind>("original");
  const wish = signal(kept.wish);
  const position = signal(preferences.placeIn(id));
  const duration = signal(0);
  const wantsToPlay = signal(true);
  const isWaiting = signal(true);
  const isOffered = signal(false);
  const volume = signal(kept.volume);
  const muted = signal(kept.muted);
  const rate = signal(1);
  const audio = signal(kept.audio);
  const subtitles = signal(kept.subtitles);
  const begunMs = performance.now();
  let change: AbortController | undefined;
  let fallbacks = 0;
  let fallbackAtMs = -Infinity;
  let movedAtMs = begunMs;
  let lastTime = -1;

  const active = (): Picture => pictures[showing.peek()];
  const other = (): Picture => pictures[showing.peek() === "original" ? "upscaled" : "original"];
  const hasOriginal = (): boolean => pictures.original.problem.peek() === undefined;
  const secondsSince = (ms: number): number => (performance.now() - ms) / 1000;
  const startPlaying = (video: HTMLVideoElement): void => {
    video.playbackRate = rate.peek();
    // Browsers start a film with sound only after a click.
    video.play().catch((thrown: unknown) => {
      if (thrown instanceof DOMException && thrown.name === "NotAllowedError")
        wantsToPlay.value = false;
    });
  };

  /** One change at a time; a newer one ends it. */
  async function changeTo(make: (signal: AbortSignal) => Promise<void>): Promise<void> {
    change?.abort();
    const mine = new AbortController();
    change = mine;
    try {
      await make(mine.signal);
    } catch {
      // Ended by a newer change, or the other film did not get ready: what is seen stays.
      if (mine.signal.aborted) return;
      noteFallback();
      if (wantsToPlay.peek()) startPlaying(active().video);
    } finally {
      if (change === mine) change = undefined;
    }
  }

  function show(to: Picture): void {
    const from = active();
    batch(() => {
      showing.value = to.kind;
      isOffered.value = false;
      isWaiting.value = false;
    });
    lastTime = -1;
    movedAtMs = performance.now();
    if (wantsToPlay.peek() && to.video.paused) startPlaying(to.video);
    handOverSound(from.video, to.video, muted.peek(), volume.peek());
    setTimeout(() => {
      if (active() === to) from.rest();
    }, 250);
  }

  /** To the other film at the same frame. */
  const swapOver = (to: Picture): Promise<void> =>
    changeTo(async (signal) => {
      const from = active();
      await swap(from, to, {
        frameSeconds: frameSeconds(status.peek()),
        signal,
        show: () => show(to),
      });
    });

  /** To the other film at another place; what is seen stands until it is there. */
  const jumpOver = (to: Picture, seconds: number): Promise<void> =>
    changeTo(async (signal) => {
      active().video.pause();
      isWaiting.value = true;
      await readyAt(to, seconds, signal);
      show(to);
    });

  function noteFallback(): void {
    fallbacks++;
    fallbackAtMs = performance.now();
  }

  function fallBack(): void {
    noteFallback();
    void swapOver(pictures.original);
  }

  function seek(seconds: number): void {
    const to = Math.max(0, Math.min(seconds, Math.max(0, duration.peek() - 0.05)));
    position.value = to;
    movedAtMs = performance.now();
    lastTime = -1;
    const isHere = secondsAhead(status.peek().ready_ranges, to) > Math.min(1, duration.peek() - to);
    const leaves = showing.peek() === "upscaled" && wish.peek() !== "upscaled" && !isHere;
    if (leaves && hasOriginal()) {
      void jumpOver(pictures.original, to);
      return;
    }
    change?.abort();
    active().seek(to);
    if (wantsToPlay.peek()) startPlaying(active().video);
  }

  function tick(): void {
    const { video, time, end } = active();
    const total = status.peek().duration_seconds ?? (Number.isFinite(end()) ? end() : 0);
    const isMoving = video.currentTime !== lastTime;
    if (isMoving || video.paused || video.ended) movedAtMs = performance.now();
    lastTime = video.currentTime;
    const stalled = secondsSince(movedAtMs) - (video.seeking ? SEEK_GRACE_SECONDS : 0);
    if (showing.peek() === "upscaled" && secondsSince(fallbackAtMs) > FORGIVEN_AFTER_SECONDS)
      fallbacks = 0;
    batch(() => {
      duration.value = total;
      // While a change is under way the position is where it leads.
      if (!video.seeking && video.readyState > 0 && !(change !== undefined && video.paused))
        position.value = Math.max(0, time());
      isWaiting.value = wantsToPlay.peek() && !video.ended && (video.readyState < 3 || stalled > 1);
      if (video.ended) wantsToPlay.value = false;
    });
    if (total > 0 && video.readyState > 0) preferences.keepPlace(id, position.peek(), total);
    if (change === undefined) consider(stalled);
  }

  function consider(stalledSeconds: number): void {
    const { state, speed, ready_ranges: ready } = status.peek();
    const decision = decide({
      wish: wish.peek(),
      showing: showing.peek(),
      hasOriginal: hasOriginal(),
      positionSeconds: position.peek(),
      durationSeconds: duration.peek(),
      ...{ state, speed, ready, fallbacks },
      stalledSeconds: wantsToPlay.peek() ? stalledSeconds : 0,
      upscaledFailed: pictures.upscaled.problem.peek() !== undefined || state === "failed",
      sinceFallbackSeconds: secondsSince(fallbackAtMs),
    });
    isOffered.value = decision === "offer_upscaled";
    if (decision === "to_upscaled") void swapOver(pictures.upscaled);
    else if (decision === "to_original" && wish.peek() === "original")
      void swapOver(pictures.original);
    else if (decision === "to_original") fallBack();
  }

  function begin(kind: PictureKind): void {
    change?.abort();
    showing.value = kind;
    active().seek(position.peek());
    active().video.volume = volume.peek();
    active().video.muted = muted.peek();
    if (wantsToPlay.peek()) startPlaying(active().video);
  }

  const isReadyAtOnce =
    status.peek().state === "complete" ||
    secondsAhead(status.peek().ready_ranges, position.peek()) > READY_AT_ONCE_SECONDS;
  begin(
    wish.peek() === "upscaled" || (wish.peek() === "auto" && isReadyAtOnce)
      ? "upscaled"
      : "original",
  );
  const timer = setInterval(tick, TICK_MS);
  const stopChoosing = Object.values(pictures).map((picture) =>
    effect(() => {
      const named = (tracks: Picture["audioTracks"], name: string | null): number | undefined =>
        tracks.value.find((track) => track.name === name)?.id;
      const audioId = named(picture.audioTracks, audio.value);
      if (audioId !== undefined) picture.chooseAudio(audioId);
      const subtitlesId = named(picture.subtitleTracks, subtitles.value);
      if (subtitles.value !== null) picture.chooseSubtitles(subtitlesId ?? -1);
    }),
  );
  // What cannot be played here at all is left at once.
  const stopWatching = effect(() => {
    const isLost = pictures.original.problem.value !== undefined;
    if (isLost && showing.peek() === "original") begin("upscaled");
  });
  closing.addEventListener("abort", () => {
    clearInterval(timer);
    stopWatching();
    for (const stop of stopChoosing) stop();
    change?.abort();
    for (const picture of Object.values(pictures)) picture.close();
  });

  const player: Player = {
    ...{ pictures, showing, wish, position, duration, wantsToPlay, isWaiting, isOffered },
    ...{ volume, muted, rate, audio, subtitles, active, seek },
    chooseAudio(name) {
      audio.value = name;
      preferences.keepTracks({ audio: name });
    },
    chooseSubtitles(name) {
      subtitles.value = name;
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
      wish.value = next;
      preferences.keepWish(next);
      fallbacks = 0;
      fallbackAtMs = -Infinity;
      change?.abort();
    },
    setVolume(next, isMuted) {
      volume.value = Math.max(0, Math.min(1, next));
      muted.value = isMuted;
      active().video.volume = volume.value;
      active().video.muted = isMuted;
      preferences.keepVolume(volume.value, isMuted);
    },
    setRate(next) {
      rate.value = next;
      for (const { video } of [active(), other()]) video.playbackRate = next;
    },
  };
  return player;
}
