import { batch, signal, type ReadonlySignal } from "@preact/signals";
import { chooseTracks } from "../playback/choose-tracks.ts";
import type { Pictures } from "../playback/pictures.ts";

/** Both films in step. Times are seconds of the film. */
export interface Pair {
  readonly pictures: Pictures;
  readonly position: ReadonlySignal<number>;
  readonly isPlaying: ReadonlySignal<boolean>;
  /** Both have a frame of the same moment. */
  readonly isReady: ReadonlySignal<boolean>;
  readonly seek: (seconds: number) => void;
  readonly toggle: () => void;
  readonly pause: () => void;
}

/** Farther apart than this the follower jumps; nearer, its speed is bent. */
const JUMP_SECONDS = 0.5;
const MOST_BEND = 0.5;
/** More than the rounding of timestamps to milliseconds. */
const ROUNDED_UP_SECONDS = 0.001;

/**
 * Plays the upscaled film with the original behind it on the same frame. The original is muted and
 * follows; where one of the two waits for data, both wait.
 */
export function createPair(
  pictures: Pictures,
  startSeconds: number,
  frameSeconds: () => number,
  closing: AbortSignal,
): Pair {
  const { original, upscaled } = pictures;
  const leader = upscaled.video;
  const follower = original.video;
  const both = [leader, follower] as const;
  const position = signal(startSeconds);
  const isPlaying = signal(false);
  const isReady = signal(false);
  let planned = 0;

  function seek(seconds: number): void {
    const limit = Number.isFinite(upscaled.end()) ? upscaled.end() - 0.05 : Infinity;
    const frame = frameSeconds();
    const n = Math.floor(Math.max(0, Math.min(seconds, limit)) / frame + 0.001);
    // The original's frames may lie up to half a frame beside those of the upscaled film, and exactly
    // half a frame is rounded up.
    const at = (n + 0.5) * frame - ROUNDED_UP_SECONDS;
    batch(() => {
      position.value = at;
      isReady.value = false;
    });
    for (const video of both) video.pause();
    upscaled.seek(at);
    original.seek(at);
  }

  const hasFrame = (video: HTMLVideoElement): boolean => !video.seeking && video.readyState >= 2;
  const canPlay = (video: HTMLVideoElement): boolean => !video.seeking && video.readyState >= 3;

  /** Not when a pause came before it began, as where the other film waits for data. */
  function onRefused(thrown: unknown): void {
    if (!(thrown instanceof DOMException && thrown.name === "AbortError")) isPlaying.value = false;
  }

  function step(): void {
    planned = requestAnimationFrame(step);
    const apart = upscaled.time() - original.time();
    isReady.value = both.every(hasFrame) && Math.abs(apart) < 2 * frameSeconds();
    if (!isPlaying.peek()) return;
    if (!both.every(canPlay)) {
      for (const video of both) if (!video.paused) video.pause();
      return;
    }
    for (const video of both) if (video.paused && !video.ended) video.play().catch(onRefused);
    if (Math.abs(apart) > JUMP_SECONDS) original.moveTo(upscaled.time());
    else
      follower.playbackRate =
        Math.abs(apart) < frameSeconds() / 4
          ? 1
          : 1 + Math.max(-MOST_BEND, Math.min(MOST_BEND, 2 * apart));
    position.value = upscaled.time();
    if (leader.ended) isPlaying.value = false;
  }

  follower.muted = true;
  // Pictures are compared: no text lies over them, nor in what is saved.
  const stopChoosing = chooseTracks(
    pictures,
    { audio: signal(null), subtitles: signal("") },
    signal(false),
  );
  seek(startSeconds);
  step();
  closing.addEventListener("abort", () => {
    cancelAnimationFrame(planned);
    stopChoosing();
    for (const picture of Object.values(pictures)) picture.close();
  });
  const pause = (): void => {
    isPlaying.value = false;
    // On the same frame, whatever the clocks were.
    seek(upscaled.time());
  };
  return {
    ...{ pictures, position, isPlaying, isReady, seek, pause },
    toggle() {
      if (isPlaying.peek()) pause();
      else isPlaying.value = true;
    },
  };
}
