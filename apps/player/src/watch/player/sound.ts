/** The sound of both films is heard for this long. */
const FADE_MS = 60;
const STEP_MS = 10;
/** Nobody hears it. */
const INAUDIBLE = 0.001;

/**
 * A film that is got ready behind the one that is seen. Not muted where that can be helped: in Chromium
 * an element's clock falls back by a frame or two when its sound is switched on.
 */
export function quieten(video: HTMLVideoElement, isMuted: boolean): void {
  video.volume = INAUDIBLE;
  // iPhones leave the volume to their keys.
  video.muted = isMuted || video.volume > 2 * INAUDIBLE;
}

/** Browsers that want a click for sound start a film without it. */
export async function playQuietly(video: HTMLVideoElement): Promise<void> {
  try {
    await video.play();
  } catch (thrown) {
    if (video.muted) throw thrown;
    video.muted = true;
    await video.play();
  }
}

/** Hands the sound over without a gap: for a moment both are heard, in step. */
export function handOverSound(
  from: HTMLVideoElement,
  to: HTMLVideoElement,
  muted: boolean,
  volume: number,
): void {
  to.muted = muted;
  const started = performance.now();
  const timer = setInterval(() => {
    const share = Math.min(1, (performance.now() - started) / FADE_MS);
    to.volume = Math.max(INAUDIBLE, volume * share);
    from.volume = Math.max(INAUDIBLE, volume * (1 - share));
    if (share < 1) return;
    clearInterval(timer);
    to.volume = volume;
    from.muted = true;
  }, STEP_MS);
}
