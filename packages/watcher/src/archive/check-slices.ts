import { open } from "node:fs/promises";
import { segmentCount, type Timeline } from "@upreel/core";
import { sliceOf } from "../records/archive-slices.ts";
import { checkSegment, type SegmentProblem } from "../segments/check-segment.ts";
import { expectSegment } from "../segments/expect-segment.ts";

export interface CheckedSlices {
  /** Of the first slice that is not the whole segment that a player asks for, if any. */
  readonly problem: (SegmentProblem & { readonly segment: number }) | undefined;
  /** Segments that lack sound. */
  readonly soundless: readonly number[];
}

/** Looks at each segment of a film, one slice at a time. */
export async function checkSlices(
  file: string,
  offsets: readonly number[],
  { timeline, hasSound }: { readonly timeline: Timeline; readonly hasSound?: boolean | undefined },
  signal: AbortSignal,
): Promise<CheckedSlices> {
  const count = segmentCount(timeline);
  const order = { timeline, fromSegment: 0, toSegment: count, hasSound };
  const soundless: number[] = [];
  await using handle = await open(file, "r");
  let buffer = Buffer.alloc(0);
  for (let k = 0; k < count; k += 1) {
    signal.throwIfAborted();
    const slice = sliceOf(offsets, k) ?? { start: 0, length: 0 };
    if (buffer.length < slice.length) buffer = Buffer.allocUnsafe(slice.length);
    const { bytesRead } = await handle.read(buffer, 0, slice.length, slice.start);
    const expected = expectSegment(order, k, undefined)!;
    const problem = checkSegment(buffer.subarray(0, bytesRead), expected);
    if (problem?.code === "sound_missing") soundless.push(k);
    // Where it ends was told by the next segment, when it was published.
    else if (problem !== undefined && !problem.isDoubt) {
      return { problem: { ...problem, segment: k }, soundless };
    }
  }
  return { problem: undefined, soundless };
}
