import type { KeyFrames } from "@upreel/media";
import { z } from "zod";

export const originalIndexSchema = z.object({
  /** On the timeline: when the key frame that a segment begins with is shown. */
  startsMicros: z.array(z.int()).nonempty(),
  endMicros: z.int(),
  /** Of each segment. */
  bytes: z.array(z.int().nonnegative()),
});
/** How the original is cut into segments. */
export type OriginalIndex = z.infer<typeof originalIndexSchema>;

/** Long enough to be few, short enough to start at once. */
const SHORTEST_MICROS = 4_000_000;

/** Joins groups of pictures to segments of 4 s or more; the last one may be shorter. */
export function cutAtKeyFrames({ groups, endMicros }: KeyFrames): OriginalIndex {
  const startsMicros: number[] = [];
  const bytes: number[] = [];
  for (const group of groups) {
    const last = startsMicros.at(-1);
    if (last === undefined || group.startMicros - last >= SHORTEST_MICROS) {
      startsMicros.push(group.startMicros);
      bytes.push(0);
    }
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) + group.bytes;
  }
  return originalIndexSchema.parse({ startsMicros, endMicros, bytes });
}

/** Of every segment, in order. */
export const durationsMicros = ({ startsMicros, endMicros }: OriginalIndex): number[] =>
  startsMicros.map((start, k) => Math.max(1, (startsMicros[k + 1] ?? endMicros) - start));
