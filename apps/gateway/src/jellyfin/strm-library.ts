import { setTimeout as sleep } from "node:timers/promises";
import { toUpreelError, UpreelError, type StreamView, type Log } from "@upreel/core";
import type { JellyfinClient } from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import { findVersions } from "./find-versions.ts";
import type { StrmPlace } from "./strm-place.ts";

/** What Jellyfin plays a stream by. */
export interface StrmItem {
  readonly itemId: string;
  /** The version of the item; its own id where it is an item of its own. */
  readonly mediaSourceId: string;
}

/** One `.strm` file for each stream in Jellyfin's libraries, for clients that no proxy reaches. */
export interface StrmLibrary extends AsyncDisposable {
  /** What plays this stream, once Jellyfin has found and probed it. */
  itemOf(streamId: string): StrmItem | undefined;
  /** Everything that was found, by stream. */
  items(): ReadonlyMap<string, StrmItem>;
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
    readonly client: JellyfinClient | undefined;
    readonly streams: Streams;
    readonly log: Log;
    /** Called when Jellyfin has the item of a stream. */
    readonly onItem: () => void;
  },
  place: StrmPlace,
  timing: StrmTiming = TIMING,
): StrmLibrary {
  const { client, streams, log } = deps;
  const closing = new AbortController();
  const items = new Map<string, StrmItem>();
  let wake = Promise.withResolvers<void>();
  let trouble: string | undefined;
  /** Streams that have a file, and those that cannot have one: nothing of them is looked for in Jellyfin. */
  let withFile: ReadonlySet<string> = new Set();
  let without: ReadonlySet<string> = new Set();
  let isToldWithout = false;

  /** Those without an item whose playlist can be probed now: ffprobe reads their first segments. */
  const unknown = (): StreamView[] =>
    streams
      .list()
      .filter(({ id }) => !items.has(id) && withFile.has(id))
      .filter((status) => isOffered(status) && status.segmentsReady > 0);

  async function register(from: JellyfinClient): Promise<void> {
    const { signal } = closing;
    const libraries = place.librariesOf(
      await from.libraries(signal),
      unknown().map(({ id }) => id),
    );
    if (libraries.length === 0) throw new UpreelError("jellyfin_item_unknown", place.whereMissing);
    for (const { ItemId } of libraries) await from.refresh(ItemId, signal);
    for (let look = 0; look < timing.looks && unknown().length > 0; look++) {
      await sleep(timing.lookEveryMs, undefined, { signal });
      const ids = unknown().map(({ id }) => id);
      for (const { ItemId } of libraries)
        for await (const found of findVersions(from, ItemId, ids, signal)) {
          // Unprobed it has no length, and the first report would mark it as watched.
          await from.probe(found.item.mediaSourceId, signal);
          items.set(found.streamId, found.item);
          log.info(`${found.name}: Jellyfin has the upscaled film`);
          deps.onItem();
        }
    }
  }

  async function settle(): Promise<void> {
    const offered = streams.list().filter(isOffered);
    const { problems, whyWithout, ...written } = await place.write(offered);
    without = written.without;
    withFile = new Set(offered.map(({ id }) => id).filter((id) => !without.has(id)));
    if (whyWithout !== undefined && !isToldWithout) {
      isToldWithout = true;
      log.warn(`STRM_DIR: ${whyWithout}`);
    }
    if (client !== undefined && unknown().length > 0) await register(client);
    if (problems[0] !== undefined) throw new UpreelError("bad_request", problems.join("; "));
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

  const seen = new Map<string, string>();
  const unsubscribe = streams.subscribe((event) => {
    const id = event.type === "status" ? event.status.id : event.id;
    const mark = event.type === "status" ? markOfState(event.status) : "gone";
    if (event.type === "removed") items.delete(id);
    if (seen.get(id) === mark) return;
    if (mark === "gone") seen.delete(id);
    else seen.set(id, mark);
    wake.resolve();
  });
  const running = run();
  return {
    itemOf: (streamId) => items.get(streamId),
    items: () => items,
    isComing: (streamId) =>
      trouble === undefined &&
      client !== undefined &&
      !items.has(streamId) &&
      !without.has(streamId),
    async [Symbol.asyncDispose]() {
      unsubscribe();
      closing.abort();
      wake.resolve();
      await running;
    },
  };
}

const isOffered = ({ state }: StreamView): boolean => state !== "failed" && state !== "cancelled";

/** What a change must be to matter here: a stream comes, goes, or gets its first segment. */
const markOfState = (status: StreamView): string =>
  `${isOffered(status)} ${status.segmentsReady > 0}`;
