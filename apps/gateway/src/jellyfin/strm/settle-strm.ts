import { setTimeout as sleep } from "node:timers/promises";
import { UpreelError, type Log, type StreamRecord, type StreamView } from "@upreel/core";
import type { JellyfinClient } from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import { findVersions, type StrmItem } from "./find-versions.ts";
import type { OfferedStream, StrmPlace } from "./strm-place.ts";

export interface StrmTiming {
  /** Between two looks at the streams that changed. */
  readonly settleMs: number;
  /** Between two looks for an item after a refresh: seen after 2 s with a real server. */
  readonly lookEveryMs: number;
  /** How many looks there are after a refresh. */
  readonly looks: number;
  /** At least so long between two refreshes: where the files lie beside the films, Jellyfin goes through all of the films. */
  readonly refreshEveryMs: number;
}

export interface StrmDependencies {
  readonly client: JellyfinClient | undefined;
  readonly streams: Streams;
  /** All streams of the data folder except the `known` ones: those of other gateways, and those without an owner. */
  readonly besides?: ((known: ReadonlySet<string>) => Promise<readonly StreamRecord[]>) | undefined;
  readonly log: Log;
  /** Whether the files name the PUBLIC_URL of this gateway: each of several may have one of its own. */
  readonly leads: () => boolean;
  /** Called when Jellyfin has the item of a stream. */
  readonly onItem: () => void;
}

/** What has been written, and what Jellyfin has made of it. */
export interface StrmState {
  readonly items: Map<string, StrmItem>;
  /** Streams that have a file, and those that cannot have one: nothing of them is looked for in Jellyfin. */
  withFile: ReadonlySet<string>;
  without: ReadonlySet<string>;
  isToldWithout: boolean;
  /** Streams for whose files Jellyfin's libraries have been refreshed, and when they last were. */
  refreshed: ReadonlySet<string>;
  refreshedAtMs: number;
}

export const isOffered = ({ state }: Pick<StreamView, "state">): boolean =>
  state !== "failed" && state !== "cancelled";

/** How long Jellyfin is asked for the items of our files. */
interface StrmWait {
  readonly timing: StrmTiming;
  readonly signal: AbortSignal;
  /** Whether there may be files to write: a file that Jellyfin does not find must not hold them up. */
  readonly hasNews: () => boolean;
}

/** Writes the files of all streams that are offered, and waits until Jellyfin has found them, or there is news. */
export async function settleStrm(
  state: StrmState,
  deps: StrmDependencies,
  place: StrmPlace,
  how: StrmWait,
): Promise<void> {
  const offered = await offeredStreams(deps);
  const { problems, whyWithout, without } = await place.write(offered, deps.leads());
  state.without = without;
  state.withFile = new Set(offered.map(({ id }) => id).filter((id) => !without.has(id)));
  state.refreshed = new Set([...state.refreshed].filter((id) => state.withFile.has(id)));
  if (whyWithout !== undefined && !state.isToldWithout) {
    state.isToldWithout = true;
    deps.log.warn(`STRM_DIR: ${whyWithout}`);
  }
  const unknown = (): string[] => unknownStreams(state, deps.streams);
  if (deps.client !== undefined && unknown().length > 0)
    await findItems(deps.client, unknown, { ...how, ...deps, place, state });
  if (problems[0] !== undefined) throw new UpreelError("bad_request", problems.join("; "));
}

/** Also those that this gateway does not have now: a file that went would take along what Jellyfin knows of who watched it. */
async function offeredStreams({ streams, besides }: StrmDependencies): Promise<OfferedStream[]> {
  const own = streams.list();
  const others = (await besides?.(new Set(own.map(({ id }) => id)))) ?? [];
  return [...own, ...others.filter(({ prepared }) => prepared !== true)].filter(isOffered);
}

/** Those without an item whose playlist can be probed now: ffprobe reads their first segments. */
const unknownStreams = ({ items, withFile }: StrmState, streams: Streams): string[] =>
  streams
    .list()
    .filter(({ id }) => !items.has(id) && withFile.has(id))
    .filter((status) => isOffered(status) && status.segmentsReady > 0)
    .map(({ id }) => id);

interface FindParts extends StrmWait, Omit<StrmDependencies, "client" | "streams"> {
  readonly place: StrmPlace;
  readonly state: StrmState;
}

/** Has Jellyfin look through the libraries with new files of ours, and probes what it finds. */
async function findItems(
  client: JellyfinClient,
  unknown: () => string[],
  parts: FindParts,
): Promise<void> {
  const { place, state, timing, signal, hasNews } = parts;
  const sought = unknown();
  const libraries = place.librariesOf(await client.libraries(signal), sought);
  if (libraries.length === 0) throw new UpreelError("jellyfin_item_unknown", place.whereMissing);
  const ids = libraries.map(({ ItemId }) => ItemId);
  // Each film of a season brings news. Refreshing the libraries again for files they were refreshed for finds nothing more.
  const hasNewFile = (): boolean => unknown().some((id) => !state.refreshed.has(id));
  let look = 0;
  while (!hasNews() && unknown().length > 0 && (hasNewFile() || look < timing.looks)) {
    if (hasNewFile() && performance.now() - state.refreshedAtMs >= timing.refreshEveryMs) {
      await refresh(client, ids, sought, parts);
      look = 0;
    }
    await sleep(timing.lookEveryMs, undefined, { signal });
    for (const id of ids) await lookThrough(client, id, unknown(), parts);
    look++;
  }
}

async function refresh(
  client: JellyfinClient,
  libraryIds: readonly string[],
  streamIds: readonly string[],
  { state, signal }: FindParts,
): Promise<void> {
  state.refreshedAtMs = performance.now();
  for (const id of libraryIds) await client.refresh(id, signal);
  state.refreshed = new Set([...state.refreshed, ...streamIds]);
}

async function lookThrough(
  client: JellyfinClient,
  libraryId: string,
  streamIds: readonly string[],
  { state, signal, log, onItem }: FindParts,
): Promise<void> {
  for await (const found of findVersions(client, libraryId, streamIds, signal)) {
    // Unprobed it has no length, and the first report would mark it as watched.
    await client.probe(found.item.mediaSourceId, signal);
    state.items.set(found.streamId, found.item);
    log.info(`${found.name}: Jellyfin has the upscaled film`);
    onItem();
  }
}
