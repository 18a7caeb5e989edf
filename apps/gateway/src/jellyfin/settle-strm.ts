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
  readonly looks: number;
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
}

export const isOffered = ({ state }: Pick<StreamView, "state">): boolean =>
  state !== "failed" && state !== "cancelled";

/** How long Jellyfin is looked at. */
interface StrmWait {
  readonly timing: StrmTiming;
  readonly signal: AbortSignal;
  /** There may be files to write: one that Jellyfin does not find must not hold them up. */
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
  if (whyWithout !== undefined && !state.isToldWithout) {
    state.isToldWithout = true;
    deps.log.warn(`STRM_DIR: ${whyWithout}`);
  }
  const unknown = (): string[] => unknownStreams(state, deps.streams);
  if (deps.client !== undefined && unknown().length > 0)
    await findItems(deps.client, unknown, { ...how, ...deps, place, items: state.items });
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
  readonly items: Map<string, StrmItem>;
}

/** Has Jellyfin look through the libraries with our files, and probes what it finds. */
async function findItems(
  client: JellyfinClient,
  unknown: () => string[],
  { place, items, timing, signal, hasNews, log, onItem }: FindParts,
): Promise<void> {
  const libraries = place.librariesOf(await client.libraries(signal), unknown());
  if (libraries.length === 0) throw new UpreelError("jellyfin_item_unknown", place.whereMissing);
  for (const { ItemId } of libraries) await client.refresh(ItemId, signal);
  for (let look = 0; look < timing.looks && !hasNews() && unknown().length > 0; look++) {
    await sleep(timing.lookEveryMs, undefined, { signal });
    const ids = unknown();
    for (const { ItemId } of libraries)
      for await (const found of findVersions(client, ItemId, ids, signal)) {
        // Unprobed it has no length, and the first report would mark it as watched.
        await client.probe(found.item.mediaSourceId, signal);
        items.set(found.streamId, found.item);
        log.info(`${found.name}: Jellyfin has the upscaled film`);
        onItem();
      }
  }
}
