import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { hasWholeArchive, slicedArchive } from "../records/archive-slices.ts";
import { errnoOf } from "@upreel/files";
import { bytesBelow } from "../folder-bytes.ts";
import { recordFile } from "../records/record-file.ts";
import { planClean, type CleanOptions, type CleanStep, type StoredItem } from "./plan-clean.ts";
import { archiveFolder, streamPaths, streamsFolder } from "../records/stream-paths.ts";

export interface CleanReport {
  readonly steps: readonly CleanStep[];
  /** Bytes freed, or that would be in a dry run. */
  readonly bytes: number;
  readonly isDryRun: boolean;
}

/** Deletes old unfinished streams, files whose contents an archive holds as well, and leftovers below `dataDir`; finished archives stay. */
export async function cleanDataFolder(
  dataDir: string,
  options: CleanOptions & { readonly isDryRun: boolean },
  signal: AbortSignal,
): Promise<CleanReport> {
  const items = [...(await readStreams(dataDir)), ...(await readUnfinishedArchives(dataDir))];
  const steps = planClean(items, options);
  for (const step of options.isDryRun ? [] : steps) {
    signal.throwIfAborted();
    await rm(step.path, { recursive: true, force: true, maxRetries: 3 });
  }
  const bytes = steps.reduce((sum, step) => sum + step.bytes, 0);
  return { steps, bytes, isDryRun: options.isDryRun };
}

async function readStreams(dataDir: string): Promise<StoredItem[]> {
  const folder = streamsFolder(dataDir);
  const items: StoredItem[] = [];
  for (const name of await readNames(folder)) {
    const path = join(folder, name);
    const paths = streamPaths(dataDir, name);
    // Whatever is wrong with it, it is reported as no record.
    const record = await recordFile(paths.record).readOrForget();
    items.push({
      path,
      id: name.replace(/\.removed$/, ""),
      record,
      hasArchive: record !== undefined && (await hasWholeArchive(record)),
      bytes: await bytesBelow(path),
      archivedSegments:
        record === undefined || slicedArchive(record) === undefined
          ? undefined
          : { path: paths.segments, bytes: await bytesBelow(paths.segments) },
      changedAtMs: await newest([
        path,
        paths.record,
        paths.segments,
        paths.live,
        paths.runs,
        paths.wanted,
      ]),
    });
  }
  return items;
}

async function readUnfinishedArchives(dataDir: string): Promise<StoredItem[]> {
  const folder = archiveFolder(dataDir);
  const items: StoredItem[] = [];
  for (const name of await readNames(folder)) {
    if (!name.endsWith(".part")) continue;
    const path = join(folder, name);
    items.push({
      path,
      id: undefined,
      record: undefined,
      hasArchive: false,
      bytes: await bytesBelow(path),
      archivedSegments: undefined,
      changedAtMs: await newest([path]),
    });
  }
  return items;
}

/** The newest modification time of these paths; missing ones do not count. */
async function newest(paths: readonly string[]): Promise<number> {
  const found = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return Math.max(0, ...found.map((stats) => stats?.mtimeMs ?? 0));
}

async function readNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}
