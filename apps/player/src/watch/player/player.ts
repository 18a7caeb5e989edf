import { effect, type ReadonlySignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { chooseTracks } from "../../playback/choose-tracks.ts";
import { hasOriginal } from "./consider-picture.ts";
import type { PictureKind, Wish } from "../../playback/decide.ts";
import { countFallbacks } from "./fallbacks.ts";
import { createFilmChange } from "./film-change.ts";
import { notePlaying } from "./note-playing.ts";
import type { Picture } from "../../playback/picture.ts";
import type { Pictures } from "../../playback/pictures.ts";
import { createControls, type Player } from "./player-controls.ts";
import { createPlaybackState, type PlaybackState } from "../../playback/playback-state.ts";
import { secondsAhead } from "../../playback/ranges.ts";
import { createStallWatch } from "./stall-watch.ts";
import { createSubtitles } from "../../playback/subtitles.ts";
import { frameSeconds } from "../../stream/stream-shape.ts";

const TICK_MS = 250;
/** With so much in hand the original need not be begun with. */
const READY_AT_ONCE_SECONDS = 20;
/** The last place that can be sought is so far before the end. */
const LAST_SECONDS = 0.05;

interface PlayerParts {
  readonly id: string;
  readonly status: ReadonlySignal<StreamStatus>;
  readonly pictures: Pictures;
  readonly signal: AbortSignal;
}

/** Plays one stream: the original at once, the upscaled film as soon as enough of it is there. */
export function createPlayer({ id, status, pictures, signal: closing }: PlayerParts): Player {
  const state = createPlaybackState(status.peek());
  const { showing, wish, position, duration, wantsToPlay } = state;
  const fallbacks = countFallbacks();
  const { noteMove, look } = createStallWatch();

  const active = (): Picture => pictures[showing.peek()];
  const startPlaying = (video: HTMLVideoElement): void => void start(video, state);
  const change = createFilmChange({
    ...{ pictures, state, startPlaying },
    frameSeconds: () => frameSeconds(status.peek()),
    onShown: noteMove,
    onFailed: () => fallbacks.note(),
  });
  const isJumping = (): boolean => change.jumpsTo() !== undefined;

  function seek(seconds: number): void {
    const to = Math.max(0, Math.min(seconds, Math.max(0, duration.peek() - LAST_SECONDS)));
    position.value = to;
    // Whoever looks for a place after the end wants to see it.
    if (active().video.ended && !isJumping()) wantsToPlay.value = true;
    noteMove();
    const mayLeave = wish.peek() !== "upscaled" && hasOriginal(pictures);
    const leaves = mayLeave && !isMade(status.peek(), to, duration.peek());
    if (leaves && showing.peek() === "upscaled") return change.jumpTo("original", to);
    change.end();
    active().seek(to);
    if (wantsToPlay.peek()) startPlaying(active().video);
  }

  const tick = (): void =>
    notePlaying({ status, pictures, state, fallbacks, change }, look(active().video));

  function begin(kind: PictureKind): void {
    change.end();
    for (const picture of Object.values(pictures)) if (picture.kind !== kind) picture.rest();
    showing.value = kind;
    active().seek(position.peek());
    active().video.volume = state.volume.peek();
    active().video.muted = state.muted.peek();
    if (wantsToPlay.peek()) startPlaying(active().video);
  }

  begin(firstPicture(wish.peek(), status.peek(), position.peek()));
  const timer = setInterval(tick, TICK_MS);
  const subtitleTracks = createSubtitles(id, state.subtitles, closing);
  const stops = [
    chooseTracks(pictures, state, subtitleTracks.isDrawn),
    // What cannot be played here at all is left at once.
    effect(() => {
      if (isLost(pictures.original) && showing.peek() === "original") begin("upscaled");
    }),
  ];
  onNewSource(pictures, closing, (video) => {
    if (video === active().video && wantsToPlay.peek() && !change.isUnderWay()) startPlaying(video);
  });
  closing.addEventListener("abort", () => {
    clearInterval(timer);
    for (const stop of stops) stop();
    change.end();
    for (const picture of Object.values(pictures)) picture.close();
  });

  const playOn = (): void => {
    // What a jump leads to plays as soon as it is there.
    if (isJumping()) return;
    if (active().video.ended) seek(0);
    else startPlaying(active().video);
  };
  const forget = (): void => {
    fallbacks.forget();
    const to = change.jumpsTo();
    // The place stays; which film is shown there may be another one now.
    if (to === undefined) change.end();
    else seek(to);
    // Not with the next tick: somebody waits.
    tick();
  };
  return createControls({ state, pictures, subtitleTracks, active, seek, playOn, forget });
}

/** At the speed that is chosen; where the browser wants a click first, the film waits for one. */
async function start(
  video: HTMLVideoElement,
  { rate, wantsToPlay }: Pick<PlaybackState, "rate" | "wantsToPlay">,
): Promise<void> {
  video.playbackRate = rate.peek();
  if (!(await isAllowedToPlay(video))) wantsToPlay.value = false;
}

/** Whether a place, and what comes next, is upscaled. */
const isMade = ({ ready_ranges: ready }: StreamStatus, at: number, duration: number): boolean =>
  // Ends are rounded to milliseconds.
  secondsAhead(ready, at) > Math.min(1, duration - at - LAST_SECONDS / 2);

const isLost = ({ problem }: Picture): boolean => problem.value !== undefined;

/** Browsers start a film with sound only after a click. */
const isAllowedToPlay = (video: HTMLVideoElement): Promise<boolean> =>
  video.play().then(
    () => true,
    (thrown: unknown) => !(thrown instanceof DOMException && thrown.name === "NotAllowedError"),
  );

/**
 * A new source pauses its element and forgets its speed (HTML, media element load algorithm): a picture
 * that came back after a fault would stand still for ever.
 */
function onNewSource(
  pictures: Pictures,
  signal: AbortSignal,
  then: (video: HTMLVideoElement) => void,
): void {
  for (const { video } of Object.values(pictures))
    video.addEventListener("loadstart", () => then(video), { signal });
}

/** The original, unless enough of the other one is there, or nothing else is wanted. */
function firstPicture(wish: Wish, status: StreamStatus, seconds: number): PictureKind {
  const isReady =
    status.state === "complete" ||
    secondsAhead(status.ready_ranges, seconds) > READY_AT_ONCE_SECONDS;
  return wish === "upscaled" || (wish === "auto" && isReady) ? "upscaled" : "original";
}
