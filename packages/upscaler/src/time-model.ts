import type { Rung } from "@upreel/core";

const WIDTH = 320;
const HEIGHT = 180;
const LONG_ENOUGH_MS = 300;
const FEWEST_FRAMES = 8;
/** A network that is slower than this a frame is timed by one of them. */
const LONGEST_MS = 2_000;

/**
 * Megapixels of input a second that one thread of this machine infers, alone: the fastest of several
 * frames, since anything else on the machine only slows. Blocks its thread for about half a second, for
 * slow networks two seconds or one frame.
 */
export async function timeModel(rung: Rung): Promise<number> {
  // Here, not above: the gateway imports this package without the 45 MB of ONNX Runtime.
  const { byteTensor, loadSession } = await import("./session.ts");
  const { kind, scale } = rung.model;
  const channels = kind === "planes" ? 3 : 1;
  const session = await loadSession(rung);
  try {
    const pixels = WIDTH * HEIGHT;
    const input = byteTensor(
      Uint8Array.from({ length: channels * pixels }, (_, i) => (i * 7) & 255),
      [1, channels, HEIGHT, WIDTH],
    );
    const output = byteTensor(new Uint8Array(channels * scale * scale * pixels), [
      1,
      channels,
      scale * HEIGHT,
      scale * WIDTH,
    ]);
    let bestMs = Number.POSITIVE_INFINITY;
    const startMs = performance.now();
    const elapsedMs = (): number => performance.now() - startMs;
    for (
      let frames = 0;
      elapsedMs() < LONGEST_MS && (frames <= FEWEST_FRAMES || elapsedMs() < LONG_ENOUGH_MS);
      frames++
    ) {
      const beforeMs = performance.now();
      await session.run(input, output);
      bestMs = Math.min(bestMs, performance.now() - beforeMs);
    }
    return pixels / 1_000 / bestMs;
  } finally {
    await session.release();
  }
}
