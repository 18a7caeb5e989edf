import { batch } from "@preact/signals";
import type { PictureKind } from "../../playback/decide.ts";
import type { Picture } from "../../playback/picture.ts";
import type { Pictures } from "../../playback/pictures.ts";
import type { PlaybackState } from "../../playback/playback-state.ts";
import { handOverSound } from "./sound.ts";
import { readyAt, swap } from "./swap.ts";

/** By then the sound is handed over. */
const REST_AFTER_MS = 250;

/** A change that has begun. */
interface Change {
  readonly ending: AbortController;
  /** The second of the film that a jump leads to; undefined: the place stays. */
  readonly jumpsTo: number | undefined;
}

/** Changes which film is seen; one change at a time, a newer one ends the older. */
export interface FilmChange {
  readonly isUnderWay: () => boolean;
  /** To that film at the same frame. */
  readonly swapTo: (kind: PictureKind) => void;
  /** To that film at another place; what is seen stands until it is there. */
  readonly jumpTo: (kind: PictureKind, seconds: number) => void;
  /** Where the jump that is under way leads. */
  readonly jumpsTo: () => number | undefined;
  readonly end: () => void;
}

export function createFilmChange(parts: {
  readonly pictures: Pictures;
  readonly state: PlaybackState;
  readonly frameSeconds: () => number;
  readonly startPlaying: (video: HTMLVideoElement) => void;
  readonly onShown: () => void;
  /** The other film did not get ready: what is seen stays. */
  readonly onFailed: () => void;
}): FilmChange {
  const { pictures, state, startPlaying } = parts;
  const active = (): Picture => pictures[state.showing.peek()];
  let underWay: Change | undefined;
  const isUnderWay = (): boolean => underWay?.ending.signal.aborted === false;

  /** One that has ended meanwhile would begin again. */
  const playOn = (video: HTMLVideoElement): void => {
    if (state.wantsToPlay.peek() && !video.ended) startPlaying(video);
  };

  async function change(
    to: Picture,
    jumpsTo: number | undefined,
    make: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    underWay?.ending.abort();
    const mine = { ending: new AbortController(), jumpsTo };
    const { signal } = mine.ending;
    underWay = mine;
    try {
      await make(signal);
    } catch {
      if (signal.aborted) {
        // Given up for no other change: it would play on unheard behind the film that is seen.
        if (underWay === mine && active() !== to) to.rest();
        return;
      }
      parts.onFailed();
      playOn(active().video);
    } finally {
      if (underWay === mine) underWay = undefined;
    }
  }

  function show(to: Picture): void {
    const from = active();
    batch(() => {
      state.showing.value = to.kind;
      state.isOffered.value = false;
      state.isWaiting.value = false;
    });
    parts.onShown();
    if (to.video.paused) playOn(to.video);
    handOverSound(from.video, to.video, state.muted.peek(), state.volume.peek());
    handOverWindow(from.video, to.video);
    setTimeout(() => {
      // Not if the viewer has switched back meanwhile: a player at rest loads nothing, so it would never be ready.
      if (active() === to && underWay === undefined) from.rest();
    }, REST_AFTER_MS);
  }

  return {
    isUnderWay,
    jumpsTo: () => (isUnderWay() ? underWay?.jumpsTo : undefined),
    swapTo(kind) {
      const to = pictures[kind];
      void change(to, undefined, (signal) => {
        const frameSeconds = parts.frameSeconds();
        return swap(active(), to, { frameSeconds, signal, show: () => show(to) });
      });
    },
    jumpTo(kind, seconds) {
      const to = pictures[kind];
      void change(to, seconds, async (signal) => {
        active().video.pause();
        state.isWaiting.value = true;
        try {
          await readyAt(to, seconds, signal);
        } catch (error) {
          // The viewer has left the place where the film that is seen stands: it follows him.
          if (!signal.aborted) active().seek(seconds);
          throw error;
        }
        show(to);
      });
    },
    end: () => underWay?.ending.abort(),
  };
}

/** A picture-in-picture window goes on with the film that is seen; it needs no new click for that. */
function handOverWindow(from: HTMLVideoElement, to: HTMLVideoElement): void {
  if (document.pictureInPictureElement !== from) return;
  to.requestPictureInPicture().catch(() => undefined);
}
