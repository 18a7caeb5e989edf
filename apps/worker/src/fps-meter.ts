import { createMean } from "./mean.ts";

/** Frames a second of a run, of the rung at work alone: its start and a change of rung are not counted in. */
export interface FpsMeter {
  /** To be asked at regular intervals; 0 while it is not known. */
  fps(frames: number, nowMs: number, isPaused: boolean): number;
  /** What comes now is made otherwise. */
  restart(): void;
}

export function createMeter(): FpsMeter {
  let last: { readonly frames: number; readonly atMs: number } | undefined;
  let fps = 0;
  let mean = createMean();
  return {
    fps(frames, nowMs, isPaused) {
      const before = last;
      // Until the first frame is there the ffmpegs are starting.
      last = frames > 0 ? { frames, atMs: nowMs } : undefined;
      // Standing still is no slowness: the speed is that before the pause.
      if (isPaused || before === undefined) return fps;
      const momentary = ((frames - before.frames) * 1_000) / Math.max(1, nowMs - before.atMs);
      fps = mean(momentary);
      return fps;
    },
    restart() {
      last = undefined;
      mean = createMean();
    },
  };
}
