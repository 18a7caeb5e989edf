import { createHash } from "node:crypto";
import { filmParts, type Source, type Timeline } from "@upreel/core";
import type { KeyFrames } from "@upreel/media";
import { z } from "zod";

const originalIndexSchema = z.object({
  /** When the key frame that a segment begins with is shown, in microseconds of the film. */
  startsMicros: z.array(z.int()).nonempty(),
  /** Which part of the film each lies in. */
  parts: z.array(z.int().nonnegative()),
  endMicros: z.int(),
  /** Of each segment. */
  bytes: z.array(z.int().nonnegative()),
});
/** How the original is cut into segments. */
export type OriginalIndex = z.infer<typeof originalIndexSchema>;

/** As it is stored, with what it was made of. */
export const storedIndexSchema = originalIndexSchema.extend({ of: z.string() });

/** Another text for another file, and for a film that lies otherwise in it: its key frames are elsewhere. */
export function indexedFilm({
  source: { sizeBytes, modifiedMs, video },
  timeline,
}: {
  readonly source: Source;
  readonly timeline: Timeline;
}): string {
  const film = [sizeBytes, Math.trunc(modifiedMs), video.index, filmParts(timeline)];
  return createHash("sha1").update(JSON.stringify(film)).digest("hex");
}

/** Long enough to be few, short enough to start at once. */
const SHORTEST_MICROS = 4_000_000;

/** Joins groups of pictures to segments of 4 s or more; the last one of a part of the film may be shorter. */
export function cutAtKeyFrames({ groups, endMicros }: KeyFrames): OriginalIndex {
  const startsMicros: number[] = [];
  const parts: number[] = [];
  const bytes: number[] = [];
  for (const group of groups) {
    const last = startsMicros.at(-1);
    const isNewPart = group.part !== parts.at(-1);
    if (last === undefined || isNewPart || group.startMicros - last >= SHORTEST_MICROS) {
      startsMicros.push(group.startMicros);
      parts.push(group.part);
      bytes.push(0);
    }
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) + group.bytes;
  }
  return originalIndexSchema.parse({ startsMicros, parts, endMicros, bytes });
}

/** Of every segment, in order. */
export const durationsMicros = ({ startsMicros, endMicros }: OriginalIndex): number[] =>
  startsMicros.map((start, k) => Math.max(1, (startsMicros[k + 1] ?? endMicros) - start));

/** The segments [from, to) that are made together with segment `k`: `most` of them, in one part of the film. */
export function batchOf(
  { parts }: Pick<OriginalIndex, "parts">,
  k: number,
  most: number,
): { readonly from: number; readonly to: number } {
  const first = parts.indexOf(parts[k] ?? 0);
  const end = parts.lastIndexOf(parts[k] ?? 0) + 1;
  const from = k - ((k - first) % most);
  return { from, to: Math.min(from + most, end) };
}
