/** The whole screen for the stage, controls and all, or its end. */
export function toggleFullscreen(
  stage: HTMLElement | null,
  video: HTMLVideoElement | undefined,
): void {
  if (!document.fullscreenEnabled) return enterOwnFullscreen(video);
  const done =
    document.fullscreenElement === null ? stage?.requestFullscreen() : document.exitFullscreen();
  // Refused without a gesture; the button is there for that.
  done?.catch(() => undefined);
}

/** iPhones show nothing but a video on the whole screen, in their own player. */
function enterOwnFullscreen(video: HTMLVideoElement | undefined): void {
  if (video === undefined || !("webkitEnterFullscreen" in video)) return;
  const { webkitEnterFullscreen: enter } = video;
  if (typeof enter === "function") enter.call(video);
}

/** A small window that stays above all others, or its end. */
export function togglePip(video: HTMLVideoElement): void {
  if (!document.pictureInPictureEnabled) return;
  const done =
    document.pictureInPictureElement === null
      ? video.requestPictureInPicture()
      : document.exitPictureInPicture();
  done.catch(() => undefined);
}
