import { signal, type ReadonlySignal } from "@preact/signals";
import type Hls from "hls.js";
import type { ErrorData } from "hls.js";
import type { PictureKind } from "./decide.ts";

/** Why a film cannot be played here. */
type PictureProblem =
  | { readonly kind: "missing" }
  | { readonly kind: "codec"; readonly codec: string | undefined }
  | { readonly kind: "broken"; readonly detail: string };

interface Track {
  readonly id: number;
  readonly name: string;
}

/** One of the two films in its own video element. */
export interface Picture {
  readonly kind: PictureKind;
  readonly video: HTMLVideoElement;
  readonly problem: ReadonlySignal<PictureProblem | undefined>;
  readonly audioTracks: ReadonlySignal<readonly Track[]>;
  readonly subtitleTracks: ReadonlySignal<readonly Track[]>;
  /** Id of the chosen track; -1 for none. */
  readonly audio: ReadonlySignal<number>;
  readonly subtitles: ReadonlySignal<number>;
  /** Loads from there on; cheap when it is there already. */
  readonly seek: (seconds: number) => void;
  /** Lets go of the network; what is buffered stays. */
  readonly rest: () => void;
  readonly chooseAudio: (id: number) => void;
  /** -1 for none. */
  readonly chooseSubtitles: (id: number) => void;
  readonly close: () => void;
}

/** Memory of a long film stays bounded. */
const BACK_SECONDS = 30;
const AHEAD_SECONDS = 30;
/** The gateway holds a request while the segment is made, and sends something every second. */
const LONGEST_HOLD_MS = 600_000;
const RETRY_MS = 3_000;
/** The same fault again within this time is no accident. */
const REPEATED_WITHIN_MS = 10_000;

/** Plays `url` in `video`, by hls.js or by the browser itself. Loads nothing before the first seek. */
export function createPicture(kind: PictureKind, video: HTMLVideoElement, url: string): Picture {
  const problem = signal<PictureProblem | undefined>(undefined);
  const audioTracks = signal<readonly Track[]>([]);
  const subtitleTracks = signal<readonly Track[]>([]);
  const audio = signal(-1);
  const subtitles = signal(-1);
  let hls: Hls | undefined;
  let isOpened = false;
  let isClosed = false;
  let isLoading = false;
  let lastMediaErrorMs = -Infinity;

  async function open(startSeconds: number): Promise<void> {
    isOpened = true;
    isLoading = true;
    const { default: Library, Events, ErrorTypes } = await import("hls.js");
    if (isClosed) return;
    if (!Library.isSupported()) {
      video.src = url;
      video.currentTime = startSeconds;
      video.addEventListener("error", () => (problem.value = { kind: "codec", codec: undefined }));
      return;
    }
    const load = {
      maxTimeToFirstByteMs: 20_000,
      maxLoadTimeMs: LONGEST_HOLD_MS,
      timeoutRetry: { maxNumRetry: 4, retryDelayMs: 0, maxRetryDelayMs: 0 },
      errorRetry: { maxNumRetry: 6, retryDelayMs: 500, maxRetryDelayMs: 4_000 },
    };
    const created = new Library({
      startPosition: startSeconds,
      backBufferLength: BACK_SECONDS,
      maxBufferLength: AHEAD_SECONDS,
      maxMaxBufferLength: AHEAD_SECONDS,
      fragLoadPolicy: { default: load },
      // A stand is told by the page; hls.js's nudges would lose the frame.
      nudgeMaxRetry: 6,
    });
    hls = created;
    const name = (track: { name?: string; lang?: string | undefined }): string =>
      track.name ?? track.lang ?? "";
    created.on(Events.AUDIO_TRACKS_UPDATED, () => {
      audioTracks.value = created.audioTracks.map((track, id) => ({ id, name: name(track) }));
    });
    created.on(Events.SUBTITLE_TRACKS_UPDATED, () => {
      subtitleTracks.value = created.subtitleTracks.map((track, id) => ({ id, name: name(track) }));
    });
    created.on(Events.AUDIO_TRACK_SWITCHED, (_event, { id }) => (audio.value = id));
    created.on(Events.SUBTITLE_TRACK_SWITCH, (_event, { id }) => (subtitles.value = id));
    created.on(Events.ERROR, (_event, error) => {
      if (!error.fatal) return;
      const isMedia = error.type === ErrorTypes.MEDIA_ERROR;
      const nowMs = performance.now();
      if (isCodecError(error)) problem.value = { kind: "codec", codec: codecOf(error) };
      else if (error.response?.code === 404 && error.details === "manifestLoadError")
        problem.value = { kind: "missing" };
      else if (isMedia && nowMs - lastMediaErrorMs > REPEATED_WITHIN_MS) {
        lastMediaErrorMs = nowMs;
        created.recoverMediaError();
      } else {
        problem.value = { kind: "broken", detail: error.details };
        setTimeout(() => recover(created), RETRY_MS);
      }
    });
    created.loadSource(url);
    created.attachMedia(video);
  }

  /** After a fault of the network everything may be as before. */
  function recover(created: Hls): void {
    if (isClosed || hls !== created) return;
    const { currentTime } = video;
    created.destroy();
    hls = undefined;
    problem.value = undefined;
    if (isLoading) void open(currentTime);
    else isOpened = false;
  }

  return {
    kind,
    video,
    problem,
    ...{ audioTracks, subtitleTracks, audio, subtitles },
    seek(seconds) {
      if (!isOpened) return void open(seconds);
      video.currentTime = seconds;
      if (!isLoading) hls?.startLoad(seconds);
      isLoading = true;
    },
    rest() {
      video.pause();
      hls?.stopLoad();
      isLoading = false;
    },
    chooseAudio(id) {
      if (hls !== undefined) hls.audioTrack = id;
    },
    chooseSubtitles(id) {
      if (hls === undefined) return;
      hls.subtitleDisplay = id >= 0;
      hls.subtitleTrack = id;
    },
    close() {
      isClosed = true;
      hls?.destroy();
      hls = undefined;
      video.removeAttribute("src");
      video.load();
    },
  };
}

const CODEC_ERRORS = new Set<string>([
  "manifestIncompatibleCodecsError",
  "bufferAddCodecError",
  "bufferIncompatibleCodecsError",
]);

const isCodecError = ({ details }: ErrorData): boolean => CODEC_ERRORS.has(details);

function codecOf(error: ErrorData): string | undefined {
  if (error.mimeType !== undefined) return /codecs="?([^"]*)/.exec(error.mimeType)?.[1];
  return /codec[s]?[^:]*: *"?([\w.,]+)/i.exec(error.error.message)?.[1];
}
