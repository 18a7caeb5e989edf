import { availableParallelism } from "node:os";
import type { FaceTrial, FaceWork } from "@upreel/core";
import { UpreelError } from "@upreel/core/plain";
import { colourMatrix } from "./colour-matrix.ts";
import { loadFaceDetector } from "./face-detector.ts";
import { loadFaceRestorer, type FaceRestorer } from "./face-restorer.ts";
import { frameBytes, type FrameForm } from "./frame-form.ts";

/** The first run sets memory up. */
const RUNS = 2;
/** Mean difference, of 255, that another provider's arithmetic may make. */
const LIKE = 4;

/** Whether both networks work here, and how long they take. Throws `model_unusable` or `inference_failed`. */
export async function tryFaces({
  detector: { file: detectorFile },
  restorer: { file: restorerFile },
  provider,
}: Omit<FaceWork, "strength">): Promise<FaceTrial> {
  const threads = availableParallelism();
  const bytesBefore = process.memoryUsage().rss;
  const detector = await loadFaceDetector(detectorFile, { provider: "cpu", threads });
  const form: FrameForm = {
    ...{ width: 1280, height: 720, pixelFormat: "yuv420p", matrix: "bt709", range: "tv" },
  };
  const frame = new Uint8Array(frameBytes(form)).map((_, i) => 60 + ((i * i) % 97));
  const detectSeconds = await timed(() => detector.detect(frame, form, colourMatrix(form)));
  await detector.release();
  const restorer = await loadFaceRestorer(restorerFile, { provider, threads });
  const face = testFace(restorer);
  const restoreSeconds = await timed(() => restorer.restore(face));
  // Before another one is loaded beside it.
  const bytes = Math.max(1, process.resourceUsage().maxRSS * 1024 - bytesBefore);
  if (provider !== "cpu") await proveLike(restorer, restorerFile, { provider, threads });
  await restorer.release();
  return { provider, size: restorer.size, detectSeconds, restoreSeconds, bytes };
}

/** The best of some runs: what else the machine does only makes it longer. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const fromMs = performance.now();
    await work();
    best = Math.min(best, (performance.now() - fromMs) / 1_000);
  }
  return best;
}

/** A soft blob: every restorer takes it for a face or a blur, and gives a picture. */
function testFace({ size }: Pick<FaceRestorer, "size">): Float32Array {
  return new Float32Array(3 * size * size).map((_, i) => {
    const pixel = Math.floor(i / 3);
    const [x, y] = [(pixel % size) / size - 0.5, Math.floor(pixel / size) / size - 0.5];
    return 60 + 120 * Math.exp(-6 * (x * x + y * y)) + 10 * (i % 3);
  });
}

/** A GPU is used only where it gives the picture that the processor gives. */
async function proveLike(
  restorer: FaceRestorer,
  file: string,
  { provider, threads }: { readonly provider: string; readonly threads: number },
): Promise<void> {
  const face = testFace(restorer);
  const cpu = await loadFaceRestorer(file, { provider: "cpu", threads });
  const [there, here] = [await restorer.restore(face), await cpu.restore(face)];
  await cpu.release();
  const sum = here.reduce((all, value, i) => all + Math.abs(value - (there[i] ?? 0)), 0);
  const mean = sum / here.length;
  if (mean <= LIKE) return;
  throw new UpreelError(
    "inference_failed",
    `The face restorer gives a different face on ${provider}`,
    {
      expected: `a mean difference of at most ${LIKE} to the processor's, of 255`,
      got: mean.toFixed(1),
    },
  );
}
