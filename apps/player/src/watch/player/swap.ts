import { noteLate } from "../../playback/habits.ts";
import { followInStep, type Verdict } from "./in-step.ts";
import type { Picture } from "../../playback/picture.ts";
import { playQuietly, quieten } from "./sound.ts";

/** The films meet after so many times what the next one is expected to take until it can play. */
const SPARE = 1.25;
const LONGEST_AHEAD_SECONDS = 8;
/** A first seek that took longer had to load; the second one finds that loaded. */
const LONGEST_LOADED_SEEK_SECONDS = 1;
const ATTEMPTS = 6;
/** A film that comes later than this is sought anew; its speed is bent for less. */
const TOO_LATE_SECONDS = 0.1;
/** After `play`, Chromium's clocks go on a little, stand still until there is sound, and then go. */
const STEADY_AFTER_MS = 120;
const READY_WITHIN_MS = 20_000;
/** A film that has stood elsewhere for so long is not on its way any more. */
const ELSEWHERE_MS = 300;

/**
 * Makes `to` ready to be shown in place of `from`, at the same frame, and calls `show` in the moment
 * when it is. Films that play are brought in step first: `to` starts where `from` will be, unheard, and
 * its speed is bent until both clocks agree within a quarter of a frame. Rejects with `signal`'s
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
  const { habits } = to;
  let expectedSeconds = habits.seekSeconds;
  let bends = true;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const times = SPARE * 2 ** Math.max(0, attempt - 1);
    const ahead = Math.min(LONGEST_AHEAD_SECONDS, times * expectedSeconds + habits.lateSeconds);
    const target = Math.min(from.time() + ahead * rate, from.end() - 0.1);
    to.video.pause();
    // Before the seek: WebKit's clock jumps when the speed of a film that stands changes after it.
    keepSpeed(to.video, rate);
    const soughtMs = performance.now();
    await readyAt(to, target, signal);
    const tookSeconds = (performance.now() - soughtMs) / 1_000;
    expectedSeconds =
      attempt === 0 ? Math.min(LONGEST_LOADED_SEEK_SECONDS, tookSeconds) : tookSeconds;
    if (isStill()) return meetStanding(meeting);
    const startAt = target - habits.lateSeconds * rate;
    if (from.time() > startAt + TOO_LATE_SECONDS && target < from.end() - 0.2) continue;
    // Only seeks that were in time are a habit of this film: one that had to load is not.
    habits.seekSeconds = tookSeconds;
    await until(() => from.time() >= startAt || isStill(), READY_WITHIN_MS, signal);
    if (isStill()) return meetStanding(meeting);
    const early = target - from.time();
    const noteBehind = (behind: number): void => noteLate(habits, (early + behind) / rate);
    await playQuietly(to.video);
    await until(() => false, STEADY_AFTER_MS, signal);
    noteBehind(from.time() - to.time());
    const { verdict, behind } = await bringInStep(meeting, rate, bends);
    if (verdict === "met") break;
    // WebKit's films stand still at a change of speed and then run as before: they are started earlier in place of that.
    if (bends) bends = false;
    else noteBehind(behind);
  }
  keepSpeed(to.video, rate);
}

/** Sets the speed only if it is another one: setting it stops some browsers' clocks for a moment, whatever it was before. */
function keepSpeed(video: HTMLVideoElement, speed: number): void {
  if (video.playbackRate !== speed) video.playbackRate = speed;
}

/** Bends the speed of `to` until both clocks agree, or that is in vain; `behind`: by how many seconds it is then. */
async function bringInStep(
  { from, to, frameSeconds, signal }: Meeting,
  rate: number,
  bends: boolean,
): Promise<{ readonly verdict: Verdict; readonly behind: number }> {
  const follow = followInStep(frameSeconds, bends);
  let verdict: Verdict = "going";
  let behind = 0;
  const step = (): boolean => {
    behind = from.time() - to.time();
    const next = follow(behind, performance.now());
    const speed = rate * (1 + next.bend);
    keepSpeed(to.video, speed);
    verdict = next.verdict;
    return verdict !== "going";
  };
  await until(step, READY_WITHIN_MS, signal);
  return { verdict, behind };
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
  let elsewhereSinceMs: number | undefined;
  const isReady = (): boolean => {
    if (isThere() || picture.problem.peek() !== undefined) return true;
    if (video.seeking || video.readyState < 3) elsewhereSinceMs = undefined;
    else elsewhereSinceMs ??= performance.now();
    // WebKit seeks a second or two past the place after the speed was bent; once more, and it is there.
    if (elsewhereSinceMs !== undefined && performance.now() - elsewhereSinceMs > ELSEWHERE_MS) {
      picture.moveTo(seconds);
      elsewhereSinceMs = undefined;
    }
    return false;
  };
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
