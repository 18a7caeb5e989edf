import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Source, Timeline } from "@upreel/core";
import { JsonFile } from "@upreel/files";
import { findKeyFrames } from "@upreel/media";
import type { MediaFiles } from "@upreel/sources";
import { streamPaths } from "@upreel/watcher";
import {
  cutAtKeyFrames,
  indexedFilm,
  storedIndexSchema,
  type OriginalIndex,
} from "./original-index.ts";

export interface OriginalStream {
  readonly id: string;
  readonly source: Source;
  readonly timeline: Timeline;
}

export interface ScanParts {
  readonly ffprobe: string;
  readonly dataDir: string;
  readonly files: MediaFiles;
  readonly signal: AbortSignal;
}

export const originalFolder = (dataDir: string, { id }: OriginalStream): string =>
  join(streamPaths(dataDir, id).renditions, "original");

/** Finds once where the key frames of a film are; many may wait for it. */
export function createOriginalScans(
  parts: ScanParts,
): (stream: OriginalStream) => Promise<OriginalIndex> {
  const scans = new Map<string, { readonly of: string; readonly done: Promise<OriginalIndex> }>();

  async function scan(stream: OriginalStream, of: string): Promise<OriginalIndex> {
    const folder = originalFolder(parts.dataDir, stream);
    const file = new JsonFile(join(folder, "key-frames.json"), storedIndexSchema, {
      ...{ isDurable: false, makesFolder: true },
    });
    const stored = await file.readOrForget();
    if (stored?.of === of) return stored;
    // Segments without an index of this film that can be read were cut by another one.
    await rm(folder, { recursive: true, force: true });
    const keyFrames = await parts.files.use(stream.source, () =>
      findKeyFrames(
        stream,
        {
          ffprobe: parts.ffprobe,
          readBytes: (place) => parts.files.readBytes(stream.source, place),
        },
        parts.signal,
      ),
    );
    const index = cutAtKeyFrames(keyFrames);
    await file.write({ ...index, of });
    return index;
  }

  return async (stream) => {
    const of = indexedFilm(stream);
    const running = scans.get(stream.id);
    if (running?.of === of) return await running.done;
    // One of another film writes to the same folder.
    const begun = Promise.resolve(running?.done.catch(() => undefined)).then(() =>
      scan(stream, of),
    );
    const mine = { of, done: begun };
    scans.set(stream.id, mine);
    return await begun.finally(() => {
      if (scans.get(stream.id) === mine) scans.delete(stream.id);
    });
  };
}
