import { signal } from "@preact/signals";
import type { PictureKind } from "../../../playback/decide.ts";
import { usualHabits } from "../../../playback/habits.ts";
import type { Picture } from "../../../playback/picture.ts";

/** A film without a browser: it plays by the clock, and a seek takes as long as `seekSeconds` says then. */
export function fakeFilm(
  kind: PictureKind,
  totalSeconds: number,
  seekSeconds: (to: number) => number,
): Picture {
  const now = (): number => performance.now() / 1_000;
  /** Its place at a time, from which it plays on. */
  let place = 0;
  let since = 0;
  let isPaused = true;
  let rate = 1;
  const time = (): number =>
    Math.min(totalSeconds, isPaused ? place : place + Math.max(0, now() - since) * rate);
  const settle = (): void => {
    place = time();
    since = Math.max(now(), since);
  };
  const seek = (to: number): void => {
    place = to;
    since = now() + seekSeconds(to);
  };
  const pause = (): void => {
    settle();
    isPaused = true;
  };
  const video = {
    ...{ volume: 1, muted: false, pause, addEventListener() {}, removeEventListener() {} },
    async play() {
      if (time() === totalSeconds) seek(0);
      settle();
      isPaused = false;
    },
    get paused() {
      return isPaused || time() === totalSeconds;
    },
    get ended() {
      return time() === totalSeconds;
    },
    get seeking() {
      return now() < since;
    },
    get readyState() {
      return now() < since ? 1 : 4;
    },
    get currentTime() {
      return time();
    },
    get playbackRate() {
      return rate;
    },
    set playbackRate(next) {
      settle();
      rate = next;
    },
  };
  const tracks = {
    ...{ audioTracks: signal([]), subtitleTracks: signal([]) },
    ...{ audio: signal(-1), subtitles: signal(-1) },
  };
  const film = {
    ...{ kind, video, time, seek, moveTo: seek, rest: pause, close: pause, ...tracks },
    ...{ problem: signal(undefined), end: () => totalSeconds, beginsAt: () => 0 },
    ...{ habits: usualHabits(), chooseAudio() {}, chooseSubtitles() {} },
  };
  return film as unknown as Picture;
}
