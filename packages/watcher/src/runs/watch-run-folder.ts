import { rm } from "node:fs/promises";
import { toUpreelError, type Log } from "@upreel/core";
import { makeFolder } from "@upreel/files";
import { watch, type FSWatcher } from "chokidar";

/** How often a folder is looked at that the system tells nothing of. */
const LOOK_EVERY_MS = 250;

export interface FolderWatch {
  close(): Promise<void>;
}

/**
 * Calls `onAdded` when a file may have come into the folder of a run, which is made first. Never rejects. Where the system has no
 * events left to give, as beside a Jellyfin that watches a large library, it does so by the clock; where the folder
 * cannot be made, the segments are published at the end of the run.
 */
export async function watchRunFolder(
  folder: string,
  log: Log,
  onAdded: () => void,
  events: (folder: string) => FSWatcher = (path) => watch(path, { depth: 0 }),
): Promise<FolderWatch | undefined> {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const lookByTheClock = (error: unknown): void => {
    if (timer !== undefined || isClosed) return;
    const { message } = toUpreelError(error);
    log.info("cannot watch a run folder; it is checked four times a second instead", {
      folder,
      message,
    });
    timer = setInterval(onAdded, LOOK_EVERY_MS);
  };
  try {
    // A folder that is not there cannot be watched; the worker finds it made.
    await makeFolder(folder);
  } catch (error) {
    log.warn("cannot make a run folder; its segments are published at its end", {
      ...{ folder, error: toUpreelError(error).message },
    });
    return undefined;
  }
  const watcher = begin();
  return {
    async close() {
      isClosed = true;
      clearInterval(timer);
      await watcher?.close();
    },
  };

  function begin(): FSWatcher | undefined {
    try {
      const begun = events(folder);
      begun.on("add", onAdded);
      begun.on("error", lookByTheClock);
      return begun;
    } catch (error) {
      lookByTheClock(error);
      return undefined;
    }
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
