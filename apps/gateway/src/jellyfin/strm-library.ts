import { setTimeout as sleep } from "node:timers/promises";
import { toUpreelError, UpreelError, type StreamStatus } from "@upreel/core";
import { mapPath, type JellyfinClient } from "@upreel/jellyfin";
import type { Log, Streams } from "@upreel/streams";
import type { Config } from "../config.ts";
import { markOf, writeStrmFolder } from "./strm-folder.ts";

/** A library of Jellyfin's with one `.strm` file for each stream, for clients that no proxy reaches. */
export interface StrmLibrary extends AsyncDisposable {
  /** The item that plays this stream, once Jellyfin has found and probed it. */
  itemOf(streamId: string): string | undefined;
  /** Whether it is still looked for. */
  isComing(streamId: string): boolean;
}

export interface StrmTiming {
  /** Between two looks at the streams that changed. */
  readonly settleMs: number;
  /** Between two looks for an item after a refresh: seen after 2 s with a real server. */
  readonly lookEveryMs: number;
  readonly looks: number;
}

const TIMING: StrmTiming = { settleMs: 1_000, lookEveryMs: 2_000, looks: 15 };

export function createStrmLibrary(
  deps: {
    readonly config: Config;
    readonly client: JellyfinClient | undefined;
    readonly streams: Streams;
    readonly log: Log;
    /** Called when Jellyfin has the item of a stream. */
    readonly onItem: (streamId: string) => void;
  },
  { folder, publicUrl }: { readonly folder: string; readonly publicUrl: string },
  timing: StrmTiming = TIMING,
): StrmLibrary {
  const { client, streams, log } = deps;
  const closing = new AbortController();
  const items = new Map<string, string>();
  let wake = Promise.withResolvers<void>();
  let trouble: string | undefined;

  const urlOf = (id: string): string => `${publicUrl}/hls/${id}/stream.m3u8?absolute`;

  /** Those without an item whose playlist can be probed now: ffprobe reads their first segments. */
  const unknown = (): StreamStatus[] =>
    streams
      .list()
      .filter((status) => isOffered(status) && status.segments_ready > 0 && !items.has(status.id));

  async function register(from: JellyfinClient): Promise<void> {
    const { signal } = closing;
    const library = (await from.libraries(signal)).find(({ Locations }) =>
      Locations.some((location) => mapPath(deps.config.jellyfin.pathMap, location).path === folder),
    );
    if (library === undefined)
      throw new UpreelError(
        "jellyfin_item_unknown",
        `no library of Jellyfin has the folder ${folder}: make one of the type Movies named Upscaled`,
      );
    await from.refresh(library.ItemId, signal);
    for (let look = 0; look < timing.looks && unknown().length > 0; look++) {
      await sleep(timing.lookEveryMs, undefined, { signal });
      const query = { libraryId: library.ItemId, newestFirst: true, startIndex: 0, limit: 200 };
      const found = (await from.items(query, signal)).items;
      for (const { id } of unknown()) {
        const item = found.find(({ Path }) => id.startsWith(markOf(Path ?? "") ?? " "));
        if (item === undefined) continue;
        // Unprobed it has no length, and the first report would mark it as watched.
        await from.probe(item.Id, signal);
        items.set(id, item.Id);
        log.info(`${item.Name ?? id}: in Jellyfin's library Upscaled`);
        deps.onItem(id);
      }
    }
  }

  async function settle(): Promise<void> {
    await writeStrmFolder(folder, streams.list().filter(isOffered), urlOf);
    if (client !== undefined && unknown().length > 0) await register(client);
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      wake = Promise.withResolvers<void>();
      try {
        await settle();
        trouble = undefined;
      } catch (thrown) {
        if (closing.signal.aborted) return;
        const { message } = toUpreelError(thrown);
        if (message !== trouble) log.warn(`STRM_DIR: ${message}`);
        trouble = message;
      }
      await wake.promise;
      await sleep(timing.settleMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }

  /** What a change must be to matter here: a stream comes, goes, or gets its first segment. */
  const seen = new Map<string, string>();
  const unsubscribe = streams.subscribe((event) => {
    const id = event.type === "status" ? event.status.id : event.id;
    const mark =
      event.type === "status"
        ? `${isOffered(event.status)} ${event.status.segments_ready > 0}`
        : "gone";
    if (event.type === "removed") items.delete(id);
    if (seen.get(id) === mark) return;
    if (mark === "gone") seen.delete(id);
    else seen.set(id, mark);
    wake.resolve();
  });
  const running = run();
  return {
    itemOf: (streamId) => items.get(streamId),
    isComing: (streamId) => trouble === undefined && client !== undefined && !items.has(streamId),
    async [Symbol.asyncDispose]() {
      unsubscribe();
      closing.abort();
      wake.resolve();
      await running;
    },
  };
}

const isOffered = ({ state }: StreamStatus): boolean => state !== "failed" && state !== "cancelled";
