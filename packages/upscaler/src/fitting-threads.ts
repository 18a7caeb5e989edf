import type { ModelSpec } from "@upreel/core";

/** Share of the memory that is free which inference may take; decoder and encoder want some, too. */
const SHARE = 0.7;

export interface Room {
  /** Threads there are. */
  readonly threads: number;
  /** Memory that can be taken. */
  readonly freeBytes: number;
}

/** Memory of one thread that runs `model` on pictures of this size; 0 where it was not measured. */
const workingBytes = (model: ModelSpec, width: number, height: number): number =>
  (model.bytesPerPixel ?? 0) * width * height;

/** How many threads can run at once without exhausting memory; at least one. */
export function fittingThreads(
  model: ModelSpec,
  size: { readonly width: number; readonly height: number },
  { threads, freeBytes }: Room,
): number {
  const bytes = workingBytes(model, size.width, size.height);
  if (bytes === 0) return threads;
  return Math.max(1, Math.min(threads, Math.floor((SHARE * freeBytes) / bytes)));
}
