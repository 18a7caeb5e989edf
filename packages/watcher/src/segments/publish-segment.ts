import { readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { checkSegment, type ExpectedSegment, type SegmentProblem } from "./check-segment.ts";
import { renameNew, syncPath } from "@upreel/files";
import type { FreeBytes } from "../ports.ts";
import { LEASE_LOST } from "./segment-problems.ts";

/**
 * Below this much free space nothing is published: ffmpeg exits 0 on a full disk, and a segment
 * written then may be short in ways that its bytes do not show.
 */
export const MIN_FREE_BYTES = 4 * 1024 * 1024;

export interface PublishOrder {
  /** The segment under its final name in the run folder, which means that ffmpeg has closed it. */
  readonly from: string;
  readonly to: string;
  readonly expected: ExpectedSegment;
  /** Publish a segment whose only fault is that its end cannot be proved. */
  readonly trustsDoubt: boolean;
  readonly freeBytes: FreeBytes;
  /** Whether it takes the place of a published segment, which those who are reading it can read to its end. */
  readonly replaces: boolean;
  /** Asked right before the segment gets its name, since checking and flushing it may take long. */
  readonly mayPublish?: () => boolean;
}

/**
 * Checks the segment at `from` and gives it its public name, on the disk when it returns. A segment
 * that is published stays as it is and the new one is deleted, unless this one `replaces` it.
 */
export async function publishSegment(
  order: PublishOrder,
): Promise<"published" | "already published" | SegmentProblem> {
  const folder = dirname(order.to);
  if (order.mayPublish?.() === false) return LEASE_LOST;
  // First: an empty or short segment is what ffmpeg leaves when there is no room, without a word.
  const free = await order.freeBytes(folder);
  if (free < MIN_FREE_BYTES) return diskFull(free);
  const problem = checkSegment(await readFile(order.from), order.expected);
  if (problem !== undefined && !(problem.isDoubt && order.trustsDoubt)) return problem;
  await syncPath(order.from);
  if (order.mayPublish?.() === false) return LEASE_LOST;
  const isNew = order.replaces
    ? await rename(order.from, order.to).then(() => true)
    : await renameNew(order.from, order.to);
  if (!isNew) await rm(order.from);
  await syncPath(folder);
  return isNew ? "published" : "already published";
}

const diskFull = (free: number): SegmentProblem => ({
  code: "disk_full",
  message: "segment was written to a disk that is nearly full",
  expected: `${MIN_FREE_BYTES} bytes free`,
  got: `${free} bytes free`,
  isDoubt: false,
});
