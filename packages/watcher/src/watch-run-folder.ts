import { rm } from "node:fs/promises";
import { toUpreelError, type Log } from "@upreel/core";
import { makeFolder } from "@upreel/files";
import { watch, type FSWatcher } from "chokidar";

/**
 * Calls `onAdded` when a file may have come into the folder of a run, which is made first. Never rejects: without events,
 * the segments are published at the end of the run.
 */
export async function watchRunFolder(
  folder: string,
  log: Log,
  onAdded: () => void,
): Promise<FSWatcher | undefined> {
  const onError = (error: unknown): void =>
    log.warn("cannot watch a run folder; its segments are published at its end", {
      folder,
      error: toUpreelError(error).message,
    });
  try {
    // A folder that is not there cannot be watched; the worker finds it made.
    await makeFolder(folder);
    const watcher = watch(folder, { depth: 0 });
    watcher.on("add", onAdded);
    watcher.on("error", onError);
    return watcher;
  } catch (error) {
    onError(error);
    return undefined;
  }
}

/** What cannot be deleted now is deleted at the next start. */
export async function deleteRunFolder(folder: string, log: Log): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    const { message } = toUpreelError(error);
    log.warn("cannot delete a run folder", { folder, error: message });
  }
}
