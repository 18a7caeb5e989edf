import type { FaceWork } from "@upreel/core";
import { loadFaceDetector } from "./face-detector.ts";
import { loadFaceRestorer } from "./face-restorer.ts";
import type { FaceNetworks } from "./restore-faces.ts";

/** Both networks; where the second one cannot be loaded, the first one holds nothing. Throws `model_unusable`. */
export async function loadFaceNetworks(
  { detector: { file: finds }, restorer: { file: restores }, provider }: Omit<FaceWork, "strength">,
  threads: number,
): Promise<FaceNetworks> {
  // It is small: it would wait for the GPU longer than it takes on the processor.
  const detector = await loadFaceDetector(finds, { provider: "cpu", threads });
  try {
    return { detector, restorer: await loadFaceRestorer(restores, { provider, threads }) };
  } catch (thrown) {
    await detector.release();
    throw thrown;
  }
}
