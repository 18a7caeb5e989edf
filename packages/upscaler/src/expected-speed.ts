import { toNumber, type Output, type Rational } from "@upreel/core";
import { isGpu } from "./providers/session-options.ts";

/**
 * CPU milliseconds beside the network (docs/performance.md: 9.5 at 640×360 and twice the size): of decoding for
 * each megapixel of source, of encoding for each of output, pipes included.
 */
const DECODE_MS_PER_MEGAPIXEL = 12;
const ENCODE_MS_PER_MEGAPIXEL = 7.25;
/** Share of the ideal that the whole pipeline reaches. */
const SHARE_OF_IDEAL = 0.9;

/** What makes the pictures of a run. */
export interface SpeedParts {
  /** Of one thread; undefined for the plain scaler, which costs nothing beside the rest. */
  readonly megapixelsPerSecond: number | undefined;
  readonly provider: string;
  /** That infer at a time: no more of them count than there are threads. */
  readonly cores: number;
}

/**
 * Film seconds that a run should make in a second of this machine. On the CPU inference shares the cores
 * with the rest; a GPU is one device for all threads, and the rest goes on beside it.
 */
export function expectedSpeed(
  { megapixelsPerSecond, provider, cores }: SpeedParts,
  output: Pick<Output, "inputWidth" | "inputHeight" | "width" | "height">,
  rate: Rational,
): number {
  const megapixels = (output.inputWidth * output.inputHeight) / 1e6;
  const inferenceMs =
    megapixelsPerSecond === undefined ? 0 : (1_000 * megapixels) / megapixelsPerSecond;
  const restMs =
    megapixels * DECODE_MS_PER_MEGAPIXEL +
    ((output.width * output.height) / 1e6) * ENCODE_MS_PER_MEGAPIXEL;
  const frameMs = isGpu(provider)
    ? Math.max(inferenceMs, restMs / cores)
    : (inferenceMs + restMs) / cores;
  return (SHARE_OF_IDEAL * 1_000) / frameMs / toNumber(rate);
}
