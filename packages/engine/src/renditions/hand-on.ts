import { readdir } from "node:fs/promises";
import { lookWhenWritten } from "@upreel/media";

/**
 * Hands on files of `folder` as they come, in the order of `names`, until it is disposed; one that `handOn` rejects
 * is tried again with the next.
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

  const watching = lookWhenWritten(folder, look);
  return {
    async [Symbol.asyncDispose]() {
      watching[Symbol.dispose]();
      await looking;
    },
  };
}
