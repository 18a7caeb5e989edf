import { setTimeout as sleep } from "node:timers/promises";
import { toUpreelError, type StreamView } from "@upreel/core";
import type { StrmItem } from "./find-versions.ts";
import {
  isOffered,
  settleStrm,
  type StrmDependencies,
  type StrmState,
  type StrmTiming,
} from "./settle-strm.ts";
import type { StrmPlace } from "./strm-place.ts";

/** One `.strm` file for each stream in Jellyfin's libraries, for clients that no proxy reaches. */
export interface StrmLibrary extends AsyncDisposable {
  /** What plays this stream, once Jellyfin has found and probed it. */
  itemOf(streamId: string): StrmItem | undefined;
  /** Everything that was found, by stream. */
  items(): ReadonlyMap<string, StrmItem>;
  /** Whether it is still looked for. */
  isComing(streamId: string): boolean;
  /** Has the files looked at: they name this gateway's PUBLIC_URL from now on. */
  look(): void;
}

const TIMING: StrmTiming = {
  ...{ settleMs: 1_000, lookEveryMs: 2_000, looks: 15, refreshEveryMs: 30_000 },
};

export function createStrmLibrary(
  deps: StrmDependencies,
  place: StrmPlace,
  timing: StrmTiming = TIMING,
): StrmLibrary {
  const { client, streams, log } = deps;
  const closing = new AbortController();
  const items = new Map<string, StrmItem>();
  const state: StrmState = {
    ...{ items, withFile: new Set(), without: new Set(), isToldWithout: false },
    ...{ refreshed: new Set(), refreshedAtMs: -Infinity },
  };
  let news = Promise.withResolvers<void>();
  let hasNews = false;
  const wake = (): void => {
    hasNews = true;
    news.resolve();
  };
  let trouble: string | undefined;

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      news = Promise.withResolvers<void>();
      hasNews = false;
      try {
        const { signal } = closing;
        await settleStrm(state, deps, place, { timing, signal, hasNews: () => hasNews });
        trouble = undefined;
      } catch (thrown) {
        if (closing.signal.aborted) return;
        const { message } = toUpreelError(thrown);
        if (message !== trouble) log.warn(`STRM_DIR: ${message}`);
        trouble = message;
      }
      await news.promise;
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
    wake();
  });
  const running = run();
  return {
    itemOf: (streamId) => items.get(streamId),
    items: () => items,
    look: wake,
    isComing: (streamId) =>
      trouble === undefined &&
      client !== undefined &&
      !items.has(streamId) &&
      !state.without.has(streamId),
    async [Symbol.asyncDispose]() {
      unsubscribe();
      closing.abort();
      wake();
      await running;
    },
  };
}

/** What a change must be to matter here: a stream comes, goes, or gets its first segment. */
const markOfState = (status: StreamView): string =>
  `${isOffered(status)} ${status.segmentsReady > 0}`;
