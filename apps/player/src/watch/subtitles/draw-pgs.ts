import { PgsRenderer } from "libpgs";
import workerUrl from "libpgs/dist/libpgs.worker.js?url";

/** Draws the pictures of a .sup file for the moment that `time` tells, until `signal` aborts. Rejects when they cannot be read. */
export async function drawPgs(
  { sup, time, layer }: { sup: ArrayBuffer; time: () => number; layer: HTMLElement },
  signal: AbortSignal,
): Promise<void> {
  const canvas = document.createElement("canvas");
  layer.append(canvas);
  const renderer = new PgsRenderer({ canvas, workerUrl });
  signal.addEventListener("abort", () => {
    renderer.dispose();
    canvas.remove();
  });
  await renderer.loadFromBuffer(sup);
  // It takes the first picture for one that is shown already.
  renderer.renderAtTimestamp(-1);
  const draw = (): void => {
    if (signal.aborted) return;
    renderer.renderAtTimestamp(time());
    requestAnimationFrame(draw);
  };
  draw();
}
