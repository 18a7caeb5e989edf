import type { Watermark } from "../settings.ts";

/** A disk, or what of it may be used. */
export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface Watermarks {
  readonly high: Watermark;
  readonly low: Watermark;
}

/**
 * `full`: above the high watermark, until the disk is below the low one again. The band between keeps
 * work from being stopped and started.
 */
export type DiskLevel = "roomy" | "full";

/** On a small disk a free space asked for in bytes is at most this share of it. */
const MOST_OF_SMALL_DISK = { high: 0.1, low: 0.2 } as const;

/** Bytes that are free at a watermark. */
function freeBytesAt(mark: Watermark, totalBytes: number, which: "high" | "low"): number {
  return mark.kind === "used"
    ? totalBytes * (1 - mark.share)
    : Math.min(mark.bytes, totalBytes * MOST_OF_SMALL_DISK[which]);
}

export function diskLevel(before: DiskLevel, space: DiskSpace, marks: Watermarks): DiskLevel {
  const { freeBytes, totalBytes } = space;
  const which = before === "full" ? "low" : "high";
  return freeBytes < freeBytesAt(marks[which], totalBytes, which) ? "full" : "roomy";
}
