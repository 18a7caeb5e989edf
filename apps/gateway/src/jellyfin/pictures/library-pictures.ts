import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { toUpreelError, UpreelError, type LibraryPictures } from "@upreel/core";
import type { Jellyfin } from "../jellyfin.ts";
import { openKeptPictures } from "./kept-pictures.ts";
import { undoAll, upscaleAll, type LibraryPicturesParts } from "./replace-pictures.ts";

/** Posters, backdrops and photos of Jellyfin's that are small, in a larger size; their originals are kept. */
export interface LibraryPicturesTask extends AsyncDisposable {
  state(): LibraryPictures;
  /** Upscales all whose longer side is below `below` pixels; goes on where something runs already. */
  start(below: number): void;
  /** Puts all originals back that nobody has replaced since. */
  undo(): void;
  stop(): void;
}

const PLAYING_MS = 5_000;

/** With the originals in the data folder. */
export async function openLibraryPictures(
  dataDir: string,
  parts: Pick<LibraryPicturesParts, "pictures" | "log"> & {
    readonly jellyfin: Pick<Jellyfin, "client" | "isAnyonePlaying">;
  },
): Promise<LibraryPicturesTask> {
  const { jellyfin, pictures, log } = parts;
  return createLibraryPictures({
    ...{ client: jellyfin.client, pictures, log },
    kept: await openKeptPictures(join(dataDir, "pictures")),
    isAnyonePlaying: () => jellyfin.isAnyonePlaying(),
  });
}

type Counts = Pick<LibraryPictures, "done" | "looked_at" | "failed" | "message">;
const NOTHING: Counts = { done: 0, looked_at: 0, failed: 0, message: "" };

function createLibraryPictures(
  parts: LibraryPicturesParts & { readonly isAnyonePlaying: () => Promise<boolean> },
): LibraryPicturesTask {
  const { kept, log } = parts;
  let state: LibraryPictures["state"] = parts.client === undefined ? "off" : "idle";
  let counts = NOTHING;
  let ending = new AbortController();
  let running = Promise.resolve();

  const count = (change: Partial<Counts>): void => void (counts = { ...counts, ...change });
  /** One after the other; what fails with one says nothing of the next. */
  async function each(title: string, work: () => Promise<boolean>): Promise<void> {
    ending.signal.throwIfAborted();
    while (await parts.isAnyonePlaying()) {
      count({ message: "paused while somebody watches a film" });
      await sleep(PLAYING_MS, undefined, { signal: ending.signal });
    }
    count({ message: title, looked_at: counts.looked_at + 1 });
    try {
      if (await work()) count({ done: counts.done + 1 });
    } catch (thrown) {
      const { code, message } = toUpreelError(thrown);
      if (ending.signal.aborted || code === "jellyfin_unreachable" || code === "jellyfin_refused")
        throw thrown;
      count({ failed: counts.failed + 1 });
      log.warn(`Pictures: ${title} stays as it is: ${message}`);
    }
  }
  function run(next: LibraryPictures["state"], work: () => Promise<void>): void {
    if (state === "off")
      throw new UpreelError("jellyfin_not_set_up", "Jellyfin's pictures are asked from Jellyfin", {
        expected: "JELLYFIN_URL and JELLYFIN_API_KEY",
      });
    if (state !== "idle") return;
    [state, counts, ending] = [next, NOTHING, new AbortController()];
    running = work()
      .then(() => count({ message: "done" }))
      .catch((thrown: unknown) => {
        const { message } = toUpreelError(thrown);
        count({ message: ending.signal.aborted ? "stopped" : message });
        if (!ending.signal.aborted) log.warn(`Pictures: ${message}`);
      })
      .finally(() => (state = "idle"));
  }

  return {
    state: () => ({ state, ...counts, kept: kept.list().length }),
    start: (below) =>
      run("upscaling", () => upscaleAll(parts, { below, each, signal: () => ending.signal })),
    undo: () => run("undoing", () => undoAll(parts, { each, signal: () => ending.signal })),
    stop: () => ending.abort(),
    async [Symbol.asyncDispose]() {
      ending.abort();
      await running;
    },
  };
}
