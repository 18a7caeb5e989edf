import { relative } from "node:path";
import { mapPath, toUpreelError, type Log } from "@upreel/core";
import type { JellyfinClient } from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import type { Config } from "../config.ts";
import { isInside } from "@upreel/sources";

export interface FilmAnnouncer extends Disposable {
  /** Tells Jellyfin of a new film; nothing where none of its libraries has the folder. Never throws. */
  announce(file: string): Promise<void>;
}

/**
 * Tells Jellyfin of finished films that lie in a library of its own, which it else finds at its next
 * scan. It waits a minute for more changes before it looks (its `LibraryMonitorDelay`).
 */
export function createFilmAnnouncer({
  config,
  client,
  streams,
  log,
}: {
  readonly config: { readonly jellyfin: Pick<Config["jellyfin"], "pathMap"> };
  readonly client: JellyfinClient;
  readonly streams: Streams;
  readonly log: Log;
}): FilmAnnouncer {
  /** The file as Jellyfin names it. */
  async function nameThere(file: string): Promise<string | undefined> {
    const folders = (await client.libraries()).flatMap(({ Locations }) => Locations);
    const folder = folders.find((each) =>
      isInside(mapPath(config.jellyfin.pathMap, each).path, file),
    );
    if (folder === undefined) return undefined;
    const rest = relative(mapPath(config.jellyfin.pathMap, folder).path, file);
    const isWindows = /^([a-z]:|\\\\)/i.test(folder);
    const parts = [folder.replace(/[\\/]$/, ""), ...rest.split("/")];
    return parts.join(isWindows ? "\\" : "/");
  }

  async function announce(file: string): Promise<void> {
    try {
      const path = await nameThere(file);
      if (path === undefined) return;
      await client.announceFile(path);
      log.info(`Jellyfin is told of ${file}: it looks in a minute`);
    } catch (thrown) {
      log.warn(`Jellyfin is not told of ${file}: ${toUpreelError(thrown).message}`);
    }
  }

  const unfinished = new Set(
    streams
      .list()
      .filter(({ state }) => state !== "complete")
      .map(({ id }) => id),
  );
  const unsubscribe = streams.subscribe((event) => {
    if (event.type !== "status") return;
    const { id, state, file } = event.status;
    if (state !== "complete") unfinished.add(id);
    else if (unfinished.delete(id) && file !== undefined) void announce(file);
  });
  return { announce, [Symbol.dispose]: unsubscribe };
}
