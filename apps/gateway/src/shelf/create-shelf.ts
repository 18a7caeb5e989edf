import { join } from "node:path";
import type { Clock, EventSink, Log, StreamRecords } from "@upreel/core";
import { readSecret, type FilmSizes } from "@upreel/engine";
import { createJellyfinClient, fetchPicture } from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import type { Config } from "../config.ts";
import { pathHere } from "../jellyfin/locate-film.ts";
import { isOwnFile, realOwnFolders } from "../jellyfin/own-files.ts";
import type { MediaFiles } from "@upreel/sources";
import { within } from "../waiting/within.ts";
import { createFilmIndex } from "./film-index.ts";
import { keepShelfFacts } from "./shelf-facts.ts";
import { createFilmStreams, type ShelfStream } from "./film-streams.ts";
import { createJellyfinPosters } from "./jellyfin-posters.ts";
import { createShelf, type Shelf } from "./shelf.ts";

const POSTER_WIDTH = 400;
/** A disk of exports that does not answer holds up no start. */
const LINKS_MS = 5_000;

/** The shelf of a gateway: its folders, its streams, and Jellyfin's posters where there is a key. */
export async function openShelf(
  config: Config,
  parts: {
    readonly files: MediaFiles;
    readonly roots: readonly string[];
    readonly streams: Pick<Streams, "ids" | "get">;
    readonly records: Pick<StreamRecords, "read">;
    /** Streams of other gateways. */
    readonly others?: () => Promise<readonly ShelfStream[]>;
    readonly ladderOf: FilmSizes["ladderOf"];
    readonly outputSize: FilmSizes["outputSize"];
    readonly log: Pick<Log, "debug">;
    readonly events: EventSink;
    readonly clock: Clock;
  },
): Promise<Shelf> {
  const closing = new AbortController();
  const { signal } = closing;
  const { files, roots, streams, records, ladderOf, outputSize, log, events, clock } = parts;
  const ownFolders = (await within(realOwnFolders(config), { ms: LINKS_MS })) ?? config;
  const { url, apiKey } = config.jellyfin;
  const hasJellyfin = url !== undefined && apiKey !== undefined;
  const pictureOf = hasJellyfin
    ? createJellyfinPosters({
        client: createJellyfinClient({ url, apiKey }),
        pathHere: (path) => pathHere(config, path),
        picture: (id, stop) => fetchPicture({ url, apiKey }, id, POSTER_WIDTH, stop),
        ...{ log, nowMs: () => clock.nowMs() },
      })
    : () => Promise.resolve(undefined);
  return createShelf({
    index: createFilmIndex({
      ...{ files, roots, log, events, signal, nowMs: () => clock.nowMs() },
      secret: await readSecret(join(config.dataDir, "secret")),
      isOwn: (path) => isOwnFile(ownFolders, path),
    }),
    facts: keepShelfFacts({ ...config, pictureOf, log, signal, nowMs: () => clock.nowMs() }),
    streams: createFilmStreams(streams, records, parts.others),
    ...{ ladderOf, outputSize, roots },
    posterShape: hasJellyfin ? "portrait" : "landscape",
    close: () => closing.abort(),
  });
}
