import { toUpreelError } from "@upreel/core";
import type { FrameService } from "./frame-service.ts";
import { sessionFacts } from "./provider-names.ts";

/** Enough for a mean, and soon over on the slowest machine. */
const MOST_FRAMES = 24;
const LONGEST_MS = 4_000;

/**
 * How fast JPEG frames of this size come back, one at a time, as the player sends them: the way through files, network and
 * processes. An error is told in its body, which the plugin's player takes for "not here".
 */
export async function timeFrames(
  service: FrameService,
  size: { readonly width: number; readonly height: number },
  signal: AbortSignal,
) {
  try {
    const model = await service.current();
    const plain = { ...model, by: "lanczos" };
    // Noise is the largest file that such a frame can be; a few pixels of it enlarged are as a film.
    const noise = Buffer.from(Array.from({ length: 64 * 36 * 3 }, (_, i) => (i * 7_919) % 251));
    const { bytes } = await service.upscale(async () => noise, {
      ...{ format: "jpeg", model: plain, size, signal },
      raw: { width: 64, height: 36, format: "rgb24" },
    });
    const frame = async () =>
      service.upscale(async () => bytes, { format: "jpeg", signal } as const);
    // The first one loads the network.
    const made = await frame();
    const fromMs = performance.now();
    let frames = 0;
    while (frames < MOST_FRAMES && performance.now() - fromMs < LONGEST_MS) {
      await frame();
      frames += 1;
    }
    const meanMs = (performance.now() - fromMs) / frames;
    return {
      ...{ fps: round(1_000 / meanMs), avg_time_ms: round(meanMs), model: model.id },
      ...{ using_gpu: sessionFacts(await service.provider()).using_gpu },
      ...{ capture_width: size.width, capture_height: size.height },
      ...{ output_width: made.width, output_height: made.height },
    };
  } catch (thrown) {
    return { error: toUpreelError(thrown).message };
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;
