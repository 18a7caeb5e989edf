import { UpreelError, type FaceTrial, type Output, type Rung } from "@upreel/core";
import type { Ladder } from "@upreel/streams";

/** Share of the machine's memory that one inference thread may need. */
const SHARE = 0.7;

/**
 * Throws `model_unusable` when a model would need more memory for pictures of this size than the machine
 * has, even with a single thread.
 */
export function checkMemory(ladder: Ladder, output: Output, machineBytes: number): Ladder {
  for (const { rung } of ladder) {
    const { id } = rung.model;
    const neededBytes = bytesOf(rung, output);
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

/**
 * Throws `model_unusable` when the networks for faces need more memory than the machine has beside one inference thread
 * of the ladder's most demanding network.
 */
export function checkFaceMemory(
  { bytes = 0 }: Pick<FaceTrial, "bytes">,
  ladder: Ladder,
  output: Output,
  machineBytes: number,
): void {
  const neededBytes = bytes + Math.max(0, ...ladder.map(({ rung }) => bytesOf(rung, output)));
  if (neededBytes <= SHARE * machineBytes) return;
  throw new UpreelError("model_unusable", "Restoring faces needs too much memory", {
    expected: `at most ${gigabytes(SHARE * machineBytes)} on this machine`,
    got: `${gigabytes(neededBytes)}, of which the networks for faces take ${gigabytes(bytes)}`,
  });
}

/** What one thread needs for pictures of this size. */
function bytesOf({ model, tilePixels = Infinity }: Rung, output: Output): number {
  const pixels = Math.min(output.inputWidth * output.inputHeight, tilePixels);
  return (model.bytesPerPixel ?? 0) * pixels;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
