import type { StreamView } from "@upreel/core";
import { SingleBar } from "cli-progress";

export interface ProgressView {
  show(status: StreamView): void;
  end(): void;
}

/**
 * What the bar says beside the pictures. Once all of them are made, nothing is being made any more: then the figures are
 * those of the whole film, made in `seconds`.
 */
export function progressFigures(
  status: StreamView,
  seconds: number,
): { fps: string; speed: string; left: string } {
  const { framesDone, framesTotal, durationSeconds } = status;
  const isMade = framesTotal !== undefined && framesDone >= framesTotal && seconds > 0;
  const fps = isMade ? framesDone / seconds : status.fps;
  const speed = isMade ? (durationSeconds ?? 0) / seconds : status.speed;
  const left = isMade ? 0 : status.etaSeconds;
  return {
    fps: fps.toFixed(0),
    speed: speed.toFixed(2),
    left: left === undefined ? "?" : formatSeconds(left),
  };
}

/** A progress bar on stderr; without a terminal, a line every five seconds. */
export function createProgressView(): ProgressView {
  const bar = new SingleBar({
    format: "{bar} {percentage}% {value}/{total} frames  {fps} fps  {speed}×  {left} left  {model}",
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 5000,
    barsize: 24,
  });
  const begunAt = performance.now();
  let isStarted = false;
  return {
    show(status) {
      if (status.framesTotal === undefined) return;
      const figures = {
        ...progressFigures(status, (performance.now() - begunAt) / 1000),
        model: status.model ?? "",
      };
      if (!isStarted) bar.start(status.framesTotal, status.framesDone, figures);
      else bar.update(status.framesDone, figures);
      isStarted = true;
    },
    end: () => bar.stop(),
  };
}

/** `1:02:03` or `2:03`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
