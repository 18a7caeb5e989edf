import { watch, type FSWatcher } from "node:fs";

/** How often a folder is looked at that the system tells nothing of. */
const LOOK_EVERY_MS = 250;

/**
 * Calls `look` when ffmpeg may have written into `folder`, until it is disposed. Where the system has no events left to
 * give, as beside a Jellyfin that watches a large library, it does so by the clock.
 */
export function lookWhenWritten(
  folder: string,
  look: () => void,
  events: (folder: string, look: () => void) => FSWatcher = watch,
): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  const byTheClock = (): void => {
    timer ??= setInterval(look, LOOK_EVERY_MS);
  };
  try {
    watcher = events(folder, look);
    watcher.on("error", byTheClock);
  } catch {
    byTheClock();
  }
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      watcher?.close();
    },
  };
}
