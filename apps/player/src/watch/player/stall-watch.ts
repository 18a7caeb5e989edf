/** A seek may take that much longer than a picture that stops in mid-play. */
const SEEK_GRACE_SECONDS = 2;

/** How long the film that is seen has stood still though it should play. */
export interface StallWatch {
  /** It was moved, or another film is seen: counted from now on. */
  readonly noteMove: () => void;
  /** Seconds; to be asked several times a second. */
  readonly look: (video: HTMLVideoElement) => number;
}

export function createStallWatch(): StallWatch {
  let movedAtMs = performance.now();
  let lastTime = -1;
  return {
    noteMove() {
      lastTime = -1;
      movedAtMs = performance.now();
    },
    look(video) {
      const isMoving = video.currentTime !== lastTime;
      if (isMoving || video.paused || video.ended) movedAtMs = performance.now();
      lastTime = video.currentTime;
      const stoodSeconds = (performance.now() - movedAtMs) / 1000;
      return stoodSeconds - (video.seeking ? SEEK_GRACE_SECONDS : 0);
    },
  };
}
