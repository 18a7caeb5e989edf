import type { StreamStatus } from "@upreel/core";

/** Before the film is probed. */
const USUAL_RATE = 24;
const USUAL_RATIO = 16 / 9;

/** How long one frame is seen. */
export function frameSeconds(status: StreamStatus): number {
  const { frames_total: frames, duration_seconds: seconds } = status;
  return frames === null || seconds === null || frames === 0 ? 1 / USUAL_RATE : seconds / frames;
}

/** Width by height of the picture. */
export const ratioOf = ({ width, height }: StreamStatus): number =>
  width === null || height === null ? USUAL_RATIO : width / height;
