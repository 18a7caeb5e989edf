import { UpreelError, type Output } from "@upreel/core";
import type { Ladder } from "@upreel/streams";

/** Share of the machine's memory that one inference thread may need. */
const SHARE = 0.7;

/**
 * Throws `model_unusable` when a model would need more memory for pictures of this size than the machine
 * has, even with a single thread.
 */
export function checkMemory(ladder: Ladder, output: Output, machineBytes: number): Ladder {
  for (const { rung } of ladder) {
    const { id, bytesPerPixel = 0 } = rung.model;
    const pixels = Math.min(output.inputWidth * output.inputHeight, rung.tilePixels ?? Infinity);
    const neededBytes = bytesPerPixel * pixels;
    if (neededBytes <= SHARE * machineBytes) continue;
    throw new UpreelError(
      "model_unusable",
      `The model ${id} needs too much memory for pictures of ${output.inputWidth}×${output.inputHeight} pixels; choose a smaller model, or lower TILE_MEMORY`,
      {
        expected: `at most ${gigabytes(SHARE * machineBytes)} on this machine`,
        got: `${gigabytes(neededBytes)} for one thread`,
      },
    );
  }
  return ladder;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
