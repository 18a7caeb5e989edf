import { open } from "node:fs/promises";
import { finished, pipeline } from "node:stream/promises";
import type { Writable } from "node:stream";
import type { StreamFolder } from "@upreel/core";

/** Segments that are upscaled, wherever they lie. */
export type UpscaledSegments = Pick<StreamFolder, "ready" | "locate">;

/** Between the look and the opening a segment may have become a part of the film's archive. */
const ATTEMPTS = 2;

/**
 * Writes the bytes of segments [from, to) into `target`, as fast as that takes them, and ends it. Who reads may be gone
 * before the end: that is no failure of this. Rejects where a segment is not there any more.
 */
export async function feedSegments(
  segments: Pick<StreamFolder, "locate">,
  { from, to }: { readonly from: number; readonly to: number },
  target: Writable,
): Promise<void> {
  // A reader that goes breaks the pipe, also between two writes.
  const gone = finished(target, { readable: false }).catch(() => undefined);
  for (let k = from; k < to && !target.destroyed; k += 1) {
    const { file, start, length } = await openSegment(segments, k);
    await using _ = file;
    const bytes = file.createReadStream({ start, end: start + length - 1, autoClose: false });
    await pipeline(bytes, target, { end: false }).catch((thrown: unknown) => {
      if (!target.destroyed) throw thrown;
    });
  }
  target.end();
  await gone;
}

async function openSegment(segments: Pick<StreamFolder, "locate">, k: number) {
  for (let attempt = 1; ; attempt += 1) {
    const { path, start, length } = await segments.locate(k);
    try {
      return { file: await open(path, "r"), start, length };
    } catch (thrown) {
      const isGone = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
      if (!isGone || attempt === ATTEMPTS) throw thrown;
    }
  }
}
