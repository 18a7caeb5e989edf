import { toNumber, type Rational } from "@upreel/core";

/**
 * CPU milliseconds for each megapixel of source that decoding, encoding at twice the size and the pipes
 * cost beside the network (docs/performance.md: 9.5 ms at 640×360).
 */
const REST_MS_PER_MEGAPIXEL = 41;
/** Share of the ideal that the whole pipeline reaches. */
const SHARE_OF_IDEAL = 0.9;

/**
 * Film seconds that a run should make in a second of this machine. `megapixelsPerSecond` of one thread;
 * undefined for the plain scaler, which costs nothing beside the rest.
 */
export function expectedSpeed(
  megapixelsPerSecond: number | undefined,
  { width, height }: { readonly width: number; readonly height: number },
  rate: Rational,
  threads: number,
): number {
  const megapixels = (width * height) / 1e6;
  const inferenceMs =
    megapixelsPerSecond === undefined ? 0 : (1_000 * megapixels) / megapixelsPerSecond;
  const frameMs = inferenceMs + megapixels * REST_MS_PER_MEGAPIXEL;
  return (SHARE_OF_IDEAL * threads * 1_000) / frameMs / toNumber(rate);
}
