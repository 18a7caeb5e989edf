import type { Signal } from "@preact/signals";
import type Hls from "hls.js";
import type { ErrorData } from "hls.js";
import { createFilmClock, type FilmClock } from "./film-clock.ts";
import { HLS_CONFIG } from "./hls-config.ts";
import { tellEnd } from "./tell-end.ts";
import { problemOf, type PlayingProblem } from "./playing-problem.ts";

const RETRY_MS = 3_000;
/** The same fault again within this time is no accident. */
const REPEATED_WITHIN_MS = 10_000;
/** Nearer than this is there. */
const SAME_SECONDS = 0.001;

export interface SourceParts {
  readonly video: HTMLVideoElement;
  readonly url: string;
  /** The timestamp of the film's second 0, in 90 kHz. */
  readonly zero: () => Promise<number | undefined>;
  readonly problem: Signal<PlayingProblem | undefined>;
  /** Once for each new hls.js. */
  readonly follow: (hls: Hls, library: typeof Hls) => void;
}

/** What a picture has loaded, and where it is to be. */
export interface SourceState {
  clock: FilmClock;
  hls: Hls | undefined;
  isOpened: boolean;
  isClosed: boolean;
  isLoading: boolean;
  /** hls.js knows the playlist. */
  isListed: boolean;
  /** Where the last seek led. */
  target: number;
  /** The element is at the film's place, not at the 0 with which every new source begins. */
  isPlaced: boolean;
  lastMediaErrorMs: number;
}

export const notOpened = (): SourceState => ({
  ...{ clock: createFilmClock(undefined), hls: undefined, target: 0, lastMediaErrorMs: -Infinity },
  ...{ isOpened: false, isClosed: false, isLoading: false, isListed: false, isPlaced: false },
});

/** Loads from `target` on, by hls.js or by the browser itself. */
export async function openSource(state: SourceState, parts: SourceParts): Promise<void> {
  Object.assign(state, { isOpened: true, isLoading: true, isListed: false, isPlaced: false });
  const zero = parts.zero();
  const { default: Library } = await import("hls.js");
  if (state.isClosed) return;
  if (Library.isSupported()) playByHls(state, parts, { Library, zero });
  else playNatively(state, parts);
}

function playNatively(state: SourceState, { video, url, problem }: SourceParts): void {
  video.src = url;
  video.currentTime = state.target;
  state.isPlaced = true;
  video.addEventListener("error", () => (problem.value = { kind: "codec", codec: undefined }));
}

/** The playlist is asked for beside the film's zero: the gateway may have to make something for it. */
function playByHls(
  state: SourceState,
  parts: SourceParts,
  { Library, zero }: { readonly Library: typeof Hls; readonly zero: Promise<number | undefined> },
): void {
  const { Events } = Library;
  const { video, problem } = parts;
  const created = new Library(HLS_CONFIG);
  state.hls = created;
  tellEnd(created, Library, video);
  parts.follow(created, Library);
  created.on(Events.MANIFEST_PARSED, () => {
    void zero.then((zeroPts90k) => {
      if (state.hls !== created) return;
      state.clock = createFilmClock(zeroPts90k);
      state.isListed = true;
      if (state.isLoading) created.startLoad(state.clock.toMedia(state.target));
    });
  });
  created.on(Events.INIT_PTS_FOUND, (_event, { id, initPTS, timescale }) => {
    if (id === "main") state.clock.startsAt(initPTS, timescale);
  });
  created.on(Events.FRAG_BUFFERED, (_event, { frag }) => {
    if (state.hls === created) problem.value = undefined;
    if (state.isPlaced || frag.type !== "main" || state.hls !== created) return;
    state.isPlaced = true;
    // hls.js has begun where the clock without a shift would have been.
    place(video, state.clock.toMedia(state.target));
  });
  created.on(Events.ERROR, (_event, error) => {
    if (error.fatal) meetFault(state, parts, { error, hls: created, Library });
  });
  created.loadSource(parts.url);
  created.attachMedia(video);
}

interface Fault {
  readonly error: ErrorData;
  readonly hls: Hls;
  readonly Library: typeof Hls;
}

function meetFault(state: SourceState, parts: SourceParts, { error, hls, Library }: Fault): void {
  const found = problemOf(error);
  const isMedia = error.type === Library.ErrorTypes.MEDIA_ERROR && found.kind === "broken";
  if (isMedia && performance.now() - state.lastMediaErrorMs > REPEATED_WITHIN_MS) {
    state.lastMediaErrorMs = performance.now();
    hls.recoverMediaError();
    return;
  }
  parts.problem.value = found;
  // What the gateway has no longer, or not yet, it may make again.
  if (found.kind !== "codec") setTimeout(() => recover(state, parts, hls), RETRY_MS);
}

/** After a fault of the network everything may be as before. */
function recover(state: SourceState, parts: SourceParts, failed: Hls): void {
  if (state.isClosed || state.hls !== failed) return;
  if (state.isPlaced) state.target = state.clock.toFilm(parts.video.currentTime);
  failed.destroy();
  state.hls = undefined;
  if (state.isLoading) return void openSource(state, parts);
  state.isOpened = false;
  parts.problem.value = undefined;
}

function place(video: HTMLVideoElement, seconds: number): void {
  if (Math.abs(video.currentTime - seconds) > SAME_SECONDS) video.currentTime = seconds;
}
