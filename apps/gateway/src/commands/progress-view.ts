import type { StreamView } from "@upreel/core";
import { SingleBar } from "cli-progress";

export interface ProgressView {
  show(status: StreamView): void;
  end(): void;
}

/** A progress bar on stderr; without a terminal, a line for each whole percent-of-ten. */
export function createProgressView(): ProgressView {
  const bar = new SingleBar({
    format: "{bar} {percentage}% {value}/{total} frames  {fps} fps  {speed}×  {left} left  {model}",
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 5000,
    barsize: 24,
  });
  let isStarted = false;
  return {
    show(status) {
      if (status.framesTotal === undefined) return;
      const figures = {
        fps: status.fps.toFixed(0),
        speed: status.speed.toFixed(2),
        left: status.etaSeconds === undefined ? "?" : formatSeconds(status.etaSeconds),
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
