import type { StreamView } from "@upreel/core";
import type { DiskSpace } from "./disk-level.ts";

/** So much more than there was when a film failed for want of room, and it may fit. */
const WORTH_A_TRY_BYTES = 64e6;
const WORTH_A_TRY_SHARE = 0.05;

/** A data disk, and whether anything can be written to it. */
export interface DiskState extends DiskSpace {
  readonly isWritable: boolean;
}

/** Tells which films that failed for want of a disk may be tried again, at each look at it. */
export function watchForRoom() {
  /** The least free space since each of them failed; none at first: room may have come back before the first look. */
  const leastFree = new Map<string, number>();
  /** Those that were tried again and failed: what there was then is too little. */
  const tried = new Set<string>();
  return (streams: readonly StreamView[], disk: DiskState): StreamView[] => {
    const failed = streams.filter(({ state }) => state === "failed");
    const full = failed.filter(({ reason }) => reason?.code === "disk_full");
    const worth = Math.min(WORTH_A_TRY_BYTES, WORTH_A_TRY_SHARE * disk.totalBytes);
    for (const id of leastFree.keys())
      if (!full.some((each) => each.id === id)) leastFree.delete(id);
    for (const id of tried) if (!streams.some((each) => each.id === id)) tried.delete(id);
    for (const { id } of full) {
      const least = leastFree.get(id) ?? (tried.has(id) ? disk.freeBytes : 0);
      leastFree.set(id, Math.min(disk.freeBytes, least));
    }
    const again = failed.filter(({ id, reason }) =>
      reason?.code === "disk_read_only"
        ? disk.isWritable
        : disk.freeBytes >= (leastFree.get(id) ?? Infinity) + worth,
    );
    for (const { id } of again) tried.add(id);
    return again;
  };
}
