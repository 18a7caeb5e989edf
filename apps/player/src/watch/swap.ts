import type { Picture } from "./picture.ts";
import { playQuietly, quieten } from "./sound.ts";

/** First guess of how long the next film needs to be ready to play. */
const FIRST_AHEAD_SECONDS = 1;
const LONGEST_AHEAD_SECONDS = 8;
const ATTEMPTS = 4;
const READY_WITHIN_MS = 20_000;
const IN_STEP_WITHIN_MS = 4_000;
/** The speed is changed by at most this much; nobody hears it. */
const MOST_CORRECTION = 0.5;
/** Share of what it is behind that is made good in a second. */
const CORRECTION_PER_SECOND = 4;
const CORRECTION_STEP = 0.05;
/** In step is nearer than this share of a frame: whoever comes from behind stays behind by it. */
const IN_STEP_FRAMES = 1 / 8;

/**
 * Makes `to` ready to be shown in place of `from`, at the same frame, and calls `show` in the moment
 * when it is. Films that play are brought in step first: `to` starts where `from` will be, unheard, and
 * its speed is bent until both clocks agree within an eighth of a frame. Rejects with `signal`'s
 * reason, or when `to` does not get ready.
 */
export async function swap(
  from: Picture,
  to: Picture,
  {
    frameSeconds,
    signal,
    show,
  }: {
    readonly frameSeconds: number;
    readonly signal: AbortSignal;
    readonly show: () => void;
  },
): Promise<void> {
  quieten(to.video, from.video.muted);
  const isStill = (): boolean => from.video.paused || from.video.readyState < 3;
  const meeting: Meeting = { from, to, isStill, frameSeconds, signal };
  if (isStill()) await meetStanding(meeting);
  else await meetPlaying(meeting);
  await presented(to.video, signal);
  show();
}

/** Two films on their way to the same frame. */
interface Meeting {
  readonly from: Picture;
  readonly to: Picture;
  /** Whether `from` stands. */
  readonly isStill: () => boolean;
  readonly frameSeconds: number;
  readonly signal: AbortSignal;
}

async function meetStanding(meeting: Meeting): Promise<void> {
  const { from, to, frameSeconds, signal } = meeting;
  await readyAt(to, from.time(), signal);
  // A film that waited for data may have gone on while the other one was loaded.
  if (Math.abs(from.time() - to.time()) > frameSeconds / 2) await meetPlaying(meeting);
}

async function meetPlaying(meeting: Meeting): Promise<void> {
  const { from, to, isStill, signal } = meeting;
  const rate = from.video.playbackRate;
  let ahead = FIRST_AHEAD_SECONDS;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const target = Math.min(from.time() + ahead * rate, from.end() - 0.1);
    to.video.pause();
    await readyAt(to, target, signal);
    if (isStill()) return meetStanding(meeting);
    if (from.time() > target - 0.05 && target < from.end() - 0.2) {
      ahead = Math.min(2 * ahead, LONGEST_AHEAD_SECONDS);
      continue;
    }
    await until(() => from.time() >= target || isStill(), READY_WITHIN_MS, signal);
    if (isStill()) return meetStanding(meeting);
    to.video.playbackRate = rate;
    await playQuietly(to.video);
    if (await bringInStep(meeting, rate)) break;
  }
  to.video.playbackRate = rate;
}

/**
 * By which share of its speed a film catches up. In steps: Firefox's clock stands still for a moment each time that
 * the speed changes, and never caught up where that was at every picture.
 */
export function bendFor(behindSeconds: number): number {
  const steps = Math.round((CORRECTION_PER_SECOND * Math.abs(behindSeconds)) / CORRECTION_STEP);
  const size = Math.min(MOST_CORRECTION, Math.max(1, steps) * CORRECTION_STEP);
  return behindSeconds < 0 ? -size : size;
}

/** Bends the speed of `to` until both clocks agree; false when they do not within the time. */
async function bringInStep(
  { from, to, frameSeconds, signal }: Meeting,
  rate: number,
): Promise<boolean> {
  let agreed = 0;
  const step = (): boolean => {
    const behind = from.time() - to.time();
    agreed = Math.abs(behind) < frameSeconds * IN_STEP_FRAMES ? agreed + 1 : 0;
    const speed = agreed > 0 ? rate : rate * (1 + bendFor(behind));
    if (to.video.playbackRate !== speed) to.video.playbackRate = speed;
    return agreed >= 3;
  };
  return until(step, IN_STEP_WITHIN_MS, signal);
}

/** Seeks and waits until the frame is decoded. */
export async function readyAt(
  picture: Picture,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const { video } = picture;
  picture.seek(seconds);
  const isThere = (): boolean =>
    !video.seeking && video.readyState >= 3 && Math.abs(picture.time() - seconds) < 0.5;
  const isReady = (): boolean => isThere() || picture.problem.peek() !== undefined;
  const inTime = await until(isReady, READY_WITHIN_MS, signal);
  if (!inTime || picture.problem.peek() !== undefined)
    throw new Error(`the ${picture.kind} film is not ready at ${seconds} s`);
  if (Math.abs(picture.time() - seconds) > 0.001) {
    // hls.js started at the beginning of what it has.
    picture.moveTo(seconds);
    await until(isThere, READY_WITHIN_MS, signal);
  }
}

/** Looks at every picture of the screen, or often where nothing is drawn. */
function until(check: () => boolean, deadlineMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const look = (): void => {
      if (signal.aborted) return reject(signal.reason);
      if (check()) return resolve(true);
      if (performance.now() - started > deadlineMs) return resolve(false);
      if (document.hidden) setTimeout(look, 50);
      else requestAnimationFrame(look);
    };
    look();
  });
}

/** The next frame of `video` is on its way to the screen. */
function presented(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  if (video.paused || !("requestVideoFrameCallback" in video)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const handle = video.requestVideoFrameCallback(() => resolve());
    const giveUp = setTimeout(resolve, 200);
    signal.addEventListener("abort", () => {
      video.cancelVideoFrameCallback(handle);
      clearTimeout(giveUp);
      reject(signal.reason);
    });
  });
}
