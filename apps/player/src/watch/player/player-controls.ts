import { createViewerLook, type ViewerLook } from "../../look/viewer-look.ts";
import type { Wish } from "../../playback/decide.ts";
import type { Picture } from "../../playback/picture.ts";
import type { Pictures } from "../../playback/pictures.ts";
import type { PlaybackState, PlaybackView } from "../../playback/playback-state.ts";
import { preferences } from "../../playback/preferences.ts";
import type { Subtitles } from "../../playback/subtitles.ts";

/** What the page can see of the playing and do with it. Times are seconds of the film. */
export interface Player extends PlaybackView {
  readonly pictures: Pictures;
  readonly subtitleTracks: Subtitles;
  readonly look: ViewerLook;
  readonly active: () => Picture;
  readonly play: () => void;
  readonly pause: () => void;
  readonly toggle: () => void;
  readonly seek: (seconds: number) => void;
  /** Goes on where the viewer left the film elsewhere. */
  readonly resume: (seconds: number) => void;
  /** For this film and all that come. */
  readonly setWish: (wish: Wish) => void;
  /** For this film: a look at the other picture is no wish for the next film. */
  readonly choose: (wish: Wish) => void;
  readonly setVolume: (volume: number, muted: boolean) => void;
  readonly setRate: (rate: number) => void;
  readonly chooseAudio: (name: string) => void;
  readonly chooseSubtitles: (name: string) => void;
}

interface ControlParts {
  readonly state: PlaybackState;
  readonly pictures: Pictures;
  readonly subtitleTracks: Subtitles;
  readonly active: () => Picture;
  readonly seek: (seconds: number) => void;
  /** Plays the film that is seen; one that has ended, from its beginning. */
  readonly playOn: () => void;
  /** What went wrong before counts no more; a change that is under way ends, and a jump is begun anew. */
  readonly forget: () => void;
}

/** What buttons and keys do. */
export function createControls({
  state,
  pictures,
  subtitleTracks,
  active,
  seek,
  playOn,
  forget,
}: ControlParts): Player {
  const player: Player = {
    ...{ ...state, pictures, subtitleTracks, active, seek, look: createViewerLook() },
    chooseAudio(name) {
      state.audio.value = name;
      preferences.keepTracks({ audio: name });
    },
    chooseSubtitles(name) {
      state.subtitles.value = name;
      preferences.keepTracks({ subtitles: name });
    },
    play() {
      state.wantsToPlay.value = true;
      playOn();
    },
    resume(seconds) {
      state.resumedAt.value = seconds;
      seek(seconds);
    },
    pause() {
      state.wantsToPlay.value = false;
      for (const { video } of Object.values(pictures)) video.pause();
    },
    toggle: () => (state.wantsToPlay.peek() ? player.pause() : player.play()),
    setWish(next) {
      preferences.keepWish(next);
      player.choose(next);
    },
    choose(next) {
      state.wish.value = next;
      forget();
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
