import type { Rung } from "@upreel/core";

/** Share of the memory that is free which inference may take; decoder and encoder want some, too. */
const SHARE = 0.7;

/**
 * Inference threads for so many cores. One more: a thread that hands its frame over, or waits until it may,
 * leaves its core to the one beside it. 10–20 % faster with networks that cost about as much as the encoder.
 */
export const threadsFor = (cores: number): number => cores + 1;

export interface Room {
  /** Threads there are. */
  readonly threads: number;
  /** Memory that can be taken. */
  readonly freeBytes: number;
}

/** Memory of one thread that runs pictures of this size, in tiles; 0 where it was not measured. */
const workingBytes = ({ model, tilePixels = Infinity }: Rung, pixels: number): number =>
  (model.bytesPerPixel ?? 0) * Math.min(pixels, tilePixels);

/** How many threads can run at once without exhausting memory; at least one. */
export function fittingThreads(
  rung: Rung,
  { width, height }: { readonly width: number; readonly height: number },
  { threads, freeBytes }: Room,
): number {
  const bytes = workingBytes(rung, width * height);
  if (bytes === 0) return threads;
  return Math.max(1, Math.min(threads, Math.floor((SHARE * freeBytes) / bytes)));
}
