import { signal, type ReadonlySignal } from "@preact/signals";
import type Hls from "hls.js";
import type { PictureKind } from "./decide.ts";
import { usualHabits, type Habits } from "./habits.ts";
import { notOpened, openSource, type SourceParts } from "./picture-source.ts";
import type { PlayingProblem } from "./playing-problem.ts";
import { createTracks, type Tracks } from "./tracks.ts";

/** One of the two films in its own video element. Times are seconds of the film, not of the element. */
export interface Picture extends Tracks {
  readonly kind: PictureKind;
  readonly video: HTMLVideoElement;
  readonly habits: Habits;
  readonly problem: ReadonlySignal<PlayingProblem | undefined>;
  /** Where it is. */
  readonly time: () => number;
  /** The film's second at which its element's clock is 0. */
  readonly beginsAt: () => number;
  /** Where it ends; NaN before that is known. */
  readonly end: () => number;
  /** Moves within what is loaded. */
  readonly moveTo: (seconds: number) => void;
  /** Loads from there on; cheap when it is there already. */
  readonly seek: (seconds: number) => void;
  /** Lets go of the network; what is buffered stays. */
  readonly rest: () => void;
  readonly chooseAudio: (id: number) => void;
  /** -1 for none. */
  readonly chooseSubtitles: (id: number) => void;
  readonly close: () => void;
}

interface PictureParts extends Pick<SourceParts, "video" | "url" | "zero"> {
  readonly kind: PictureKind;
}

/** Plays `url` in `video`, by hls.js or by the browser itself. Loads nothing before the first seek. */
export function createPicture({ kind, video, url, zero }: PictureParts): Picture {
  const problem = signal<PlayingProblem | undefined>(undefined);
  const { follow, ...tracks } = createTracks();
  const state = notOpened();
  const parts: SourceParts = { video, url, zero, problem, follow };

  return {
    ...{ kind, video, habits: usualHabits(), problem, ...tracks },
    time: () => (state.isPlaced ? state.clock.toFilm(video.currentTime) : state.target),
    beginsAt: () => state.clock.toFilm(0),
    end: () => state.clock.toFilm(video.duration),
    moveTo: (seconds) => void (video.currentTime = state.clock.toMedia(seconds)),
    seek(seconds) {
      state.target = seconds;
      if (!state.isOpened) return void openSource(state, parts);
      const isEmpty = video.readyState === 0;
      const mediaSeconds = state.clock.toMedia(seconds);
      if (!isEmpty) video.currentTime = mediaSeconds;
      if (state.isListed && (isEmpty || !state.isLoading)) state.hls?.startLoad(mediaSeconds);
      state.isLoading = true;
    },
    rest() {
      video.pause();
      state.hls?.stopLoad();
      state.isLoading = false;
    },
    ...choosing(() => state.hls),
    close() {
      state.isClosed = true;
      state.hls?.destroy();
      state.hls = undefined;
      video.removeAttribute("src");
      video.load();
    },
  };
}

/** Of the tracks that hls.js knows. */
const choosing = (
  hls: () => Hls | undefined,
): Pick<Picture, "chooseAudio" | "chooseSubtitles"> => ({
  chooseAudio(id) {
    const now = hls();
    if (now !== undefined) now.audioTrack = id;
  },
  chooseSubtitles(id) {
    const now = hls();
    if (now === undefined) return;
    now.subtitleDisplay = id >= 0;
    now.subtitleTrack = id;
  },
});
