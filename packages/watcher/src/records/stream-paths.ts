import { join } from "node:path";
import { segmentFileName } from "@upreel/core";

/** Where everything of one stream lies; the layout is a contract with nginx. */
export interface StreamPaths {
  readonly folder: string;
  readonly record: string;
  readonly runs: string;
  readonly segments: string;
  readonly live: string;
  /** What is made beside the segments when a player asks: other sound, subtitles, the original. */
  readonly renditions: string;
  /** For nginx: the playlist of the whole film as byte ranges, and a link to its archive. Both are there only while the archive is. */
  readonly whole: string;
  readonly archiveLink: string;
  /** An empty file whose time says when a trigger or a player last asked for something. */
  readonly wanted: string;
  segment(k: number): string;
  /** Where a run writes; on the same file system as the published segments. */
  run(runId: string): string;
}

export function streamPaths(dataDir: string, id: string): StreamPaths {
  const folder = join(dataDir, "streams", id);
  const segments = join(folder, "segments");
  const runs = join(folder, "runs");
  return {
    folder,
    record: join(folder, "stream.json"),
    runs,
    segments,
    live: join(folder, "live.m3u8"),
    renditions: join(folder, "renditions"),
    whole: join(folder, "stream.m3u8"),
    archiveLink: join(folder, "archive.ts"),
    wanted: join(folder, "wanted"),
    segment: (k) => join(segments, segmentFileName(k)),
    run: (runId) => join(runs, runId),
  };
}

/** The list of streams that were begun and have no `stream.json` yet. */
export const begunFile = (dataDir: string): string => join(dataDir, "begun.jsonl");
export const streamsFolder = (dataDir: string): string => join(dataDir, "streams");
export const archiveFolder = (dataDir: string): string => join(dataDir, "upscaled");
