import { signal, type ReadonlySignal } from "@preact/signals";
import type Hls from "hls.js";
import type { HlsConfig } from "hls.js";
import type { PictureKind } from "./decide.ts";
import { createFilmClock } from "./film-clock.ts";
import { problemOf, type PlayingProblem } from "./playing-problem.ts";
import { createTracks, type Tracks } from "./tracks.ts";

/** One of the two films in its own video element. Times are seconds of the film, not of the element. */
export interface Picture extends Tracks {
  readonly kind: PictureKind;
  readonly video: HTMLVideoElement;
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

interface PictureParts {
  readonly kind: PictureKind;
  readonly video: HTMLVideoElement;
  readonly url: string;
  /** The timestamp of the film's second 0, in 90 kHz. */
  readonly zero: () => Promise<number | undefined>;
}

/** Memory of a long film stays bounded. */
const BACK_SECONDS = 30;
const AHEAD_SECONDS = 30;
/** The gateway holds a request while the segment is made, and sends something every second. */
const LONGEST_HOLD_MS = 600_000;
const LOAD_POLICY = {
  maxTimeToFirstByteMs: 20_000,
  maxLoadTimeMs: LONGEST_HOLD_MS,
  timeoutRetry: { maxNumRetry: 4, retryDelayMs: 0, maxRetryDelayMs: 0 },
  errorRetry: { maxNumRetry: 6, retryDelayMs: 500, maxRetryDelayMs: 4_000 },
};
const HLS_CONFIG: Partial<HlsConfig> = {
  // Where to start is not known before: there may have been another seek.
  autoStartLoad: false,
  backBufferLength: BACK_SECONDS,
  maxBufferLength: AHEAD_SECONDS,
  maxMaxBufferLength: AHEAD_SECONDS,
  fragLoadPolicy: { default: LOAD_POLICY },
  // A stand is told by the page; hls.js's nudges would lose the frame.
  nudgeMaxRetry: 6,
};
const RETRY_MS = 3_000;
/** The same fault again within this time is no accident. */
const REPEATED_WITHIN_MS = 10_000;
/** Nearer than this is there. */
const SAME_SECONDS = 0.001;

/** Plays `url` in `video`, by hls.js or by the browser itself. Loads nothing before the first seek. */
export function createPicture({ kind, video, url, zero }: PictureParts): Picture {
  const problem = signal<PlayingProblem | undefined>(undefined);
  const { follow, ...tracks } = createTracks();
  let clock = createFilmClock(undefined);
  let hls: Hls | undefined;
  let isOpened = false;
  let isClosed = false;
  let isLoading = false;
  /** hls.js knows the playlist. */
  let isListed = false;
  /** Where the last seek led. */
  let target = 0;
  /** The element is at the film's place, not at the 0 with which every new source begins. */
  let isPlaced = false;
  let lastMediaErrorMs = -Infinity;

  async function open(): Promise<void> {
    isOpened = true;
    isLoading = true;
    isListed = false;
    isPlaced = false;
    const [{ default: Library }, zeroPts90k] = await Promise.all([import("hls.js"), zero()]);
    if (isClosed) return;
    clock = createFilmClock(zeroPts90k);
    if (Library.isSupported()) play(Library);
    else playNatively();
  }

  function playNatively(): void {
    video.src = url;
    video.currentTime = target;
    isPlaced = true;
    video.addEventListener("error", () => (problem.value = { kind: "codec", codec: undefined }));
  }

  function play(Library: typeof Hls): void {
    const { Events, ErrorTypes } = Library;
    const created = new Library(HLS_CONFIG);
    hls = created;
    follow(created, Library);
    created.on(Events.MANIFEST_PARSED, () => {
      isListed = true;
      if (isLoading) created.startLoad(clock.toMedia(target));
    });
    created.on(Events.INIT_PTS_FOUND, (_event, { id, initPTS, timescale }) => {
      if (id === "main") clock.startsAt(initPTS, timescale);
    });
    created.on(Events.FRAG_BUFFERED, (_event, { frag }) => {
      if (hls === created) problem.value = undefined;
      if (isPlaced || frag.type !== "main" || hls !== created) return;
      isPlaced = true;
      // hls.js has begun where the clock without a shift would have been.
      place(video, clock.toMedia(target));
    });
    created.on(Events.ERROR, (_event, error) => {
      if (!error.fatal) return;
      const found = problemOf(error);
      const isMedia = error.type === ErrorTypes.MEDIA_ERROR && found.kind === "broken";
      if (isMedia && performance.now() - lastMediaErrorMs > REPEATED_WITHIN_MS) {
        lastMediaErrorMs = performance.now();
        created.recoverMediaError();
        return;
      }
      problem.value = found;
      // What the gateway has no longer, or not yet, it may make again.
      if (found.kind !== "codec") setTimeout(() => recover(created), RETRY_MS);
    });
    created.loadSource(url);
    created.attachMedia(video);
  }

  /** After a fault of the network everything may be as before. */
  function recover(created: Hls): void {
    if (isClosed || hls !== created) return;
    if (isPlaced) target = clock.toFilm(video.currentTime);
    created.destroy();
    hls = undefined;
    if (isLoading) return void open();
    isOpened = false;
    problem.value = undefined;
  }

  return {
    ...{ kind, video, problem, ...tracks },
    time: () => (isPlaced ? clock.toFilm(video.currentTime) : target),
    beginsAt: () => clock.toFilm(0),
    end: () => clock.toFilm(video.duration),
    moveTo: (seconds) => void (video.currentTime = clock.toMedia(seconds)),
    seek(seconds) {
      target = seconds;
      if (!isOpened) return void open();
      const isEmpty = video.readyState === 0;
      if (!isEmpty) video.currentTime = clock.toMedia(seconds);
      if (isListed && (isEmpty || !isLoading)) hls?.startLoad(clock.toMedia(seconds));
      isLoading = true;
    },
    rest() {
      video.pause();
      hls?.stopLoad();
      isLoading = false;
    },
    ...choosing(() => hls),
    close() {
      isClosed = true;
      hls?.destroy();
      hls = undefined;
      video.removeAttribute("src");
      video.load();
    },
  };
}

function place(video: HTMLVideoElement, seconds: number): void {
  if (Math.abs(video.currentTime - seconds) > SAME_SECONDS) video.currentTime = seconds;
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
