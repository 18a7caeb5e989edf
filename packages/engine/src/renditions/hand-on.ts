import { watch, type FSWatcher } from "node:fs";
import { readdir } from "node:fs/promises";

/**
 * Hands on files of `folder` as they come, in the order of `names`, until it is disposed; one that `handOn` rejects
 * is tried again with the next. Events only say when to look, so that without them everything is left there.
 */
export function handOnAsMade(
  folder: string,
  names: readonly string[],
  handOn: (folder: string, name: string) => Promise<void>,
): AsyncDisposable {
  const left = new Set(names);
  let looking = Promise.resolve();
  let isAsked = false;

  async function handOnAll(): Promise<void> {
    const there = new Set(await readdir(folder));
    for (const name of left) {
      if (!there.has(name)) continue;
      await handOn(folder, name);
      left.delete(name);
    }
  }
  function look(): void {
    if (isAsked) return;
    isAsked = true;
    looking = looking
      .then(() => {
        isAsked = false;
        return handOnAll();
      })
      // What it is about is met again, and told, by who goes through the rest.
      .catch(() => undefined);
  }

  const watcher = watchFolder(folder, look);
  return {
    async [Symbol.asyncDispose]() {
      watcher?.close();
      await looking;
    },
  };
}

/** Undefined where the system has no events left to give, as beside a Jellyfin that watches a large library. */
function watchFolder(folder: string, look: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, look);
    watcher.on("error", () => undefined);
    return watcher;
  } catch {
    return undefined;
  }
}
