import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import type { PictureKind, Wish } from "./decide.ts";
import { preferences } from "./preferences.ts";

/** What is known and wanted of the playing. Times are seconds of the film. */
interface Playback {
  readonly showing: PictureKind;
  readonly wish: Wish;
  readonly position: number;
  readonly duration: number;
  /** Where the film went on; 0: at its beginning. */
  readonly resumedAt: number;
  readonly wantsToPlay: boolean;
  /** It should play and stands still. */
  readonly isWaiting: boolean;
  /** The upscaled film is ready and the viewer wants to be asked. */
  readonly isOffered: boolean;
  readonly volume: number;
  readonly muted: boolean;
  readonly rate: number;
  /** Names of the chosen tracks, for both films; null for the film's own choice, "" for no subtitles. */
  readonly audio: string | null;
  readonly subtitles: string | null;
}

/** As the page sees it; the player alone changes it. */
export type PlaybackView = { readonly [K in keyof Playback]: ReadonlySignal<Playback[K]> };
export type PlaybackState = { readonly [K in keyof Playback]: Signal<Playback[K]> };

/** Begins with what this browser remembers of its viewer and of this film. */
export function createPlaybackState(watched: Pick<StreamStatus, "id" | "film">): PlaybackState {
  const { seconds } = preferences.placeOf(watched);
  const kept = preferences.read();
  return {
    showing: signal("original"),
    wish: signal(kept.wish),
    position: signal(seconds),
    resumedAt: signal(seconds),
    duration: signal(0),
    wantsToPlay: signal(true),
    isWaiting: signal(true),
    isOffered: signal(false),
    volume: signal(kept.volume),
    muted: signal(kept.muted),
    rate: signal(1),
    audio: signal(kept.audio),
    subtitles: signal(kept.subtitles),
  };
}
