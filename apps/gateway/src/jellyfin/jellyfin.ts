import {
  asPlanned,
  type FilmPlace,
  type Leases,
  type Log,
  type StreamRecords,
  type StreamStatus,
} from "@upreel/core";
import {
  createJellyfinClient,
  createPathFinder,
  createWatching,
  startSessionPoller,
  type JellyfinClient,
  type SessionPoller,
  type Watching,
} from "@upreel/jellyfin";
import { freeBytes } from "@upreel/files";
import type { Streams } from "@upreel/streams";
import type { Config } from "../config.ts";
import type { FilmSizes, ForeseeDependencies } from "@upreel/engine";
import type { MediaFiles } from "@upreel/sources";
import { startLibraryScan, type LibraryScan } from "./library/library-scan.ts";
import { makeNextEpisodes, type NextEpisodes } from "./library/next-episodes.ts";
import type { Playbacks } from "../viewing/playbacks.ts";
import { createViewing } from "../viewing/viewing.ts";
import { createFilmAnnouncer, type FilmAnnouncer } from "./announce-film.ts";
import { createJellyfinPlaces } from "./jellyfin-places.ts";
import { createLeadership, type Leadership } from "./leadership.ts";
import { createLibraryNames } from "./library-names.ts";
import { createLookups, type Lookups } from "./lookups.ts";
import { createPlayedFilms } from "./played-films.ts";
import type { StrmDependencies } from "./strm/settle-strm.ts";
import { startStrm } from "./strm/start-strm.ts";
import { takeEvents, type JellyfinEvents } from "./take-events.ts";
import { createSwitcher, type Switcher } from "../viewing/switcher.ts";
import { seenPlayers } from "./seen-players.ts";

/** All that the gateway does with Jellyfin, except the proxy. */
export interface Jellyfin extends JellyfinEvents, AsyncDisposable {
  /** Which gateway asks Jellyfin who plays, takes its webhooks and makes films at night: one of several. */
  readonly leader: Pick<Leadership, "isHere" | "elsewhere">;
  /** Without JELLYFIN_URL and JELLYFIN_API_KEY there is none. */
  readonly client: JellyfinClient | undefined;
  readonly watching: Watching;
  /** The one list of who plays what, and the one place from which clients are switched; as `client`. */
  readonly poller: SessionPoller | undefined;
  readonly switcher: Switcher | undefined;
  readonly lookups: Lookups;
  readonly library: LibraryScan;
  /** Whether anybody plays anything in Jellyfin, here, or through another gateway. */
  isAnyonePlaying(): Promise<boolean>;
  /** Tells Jellyfin of a finished film, if it lies in a library of its own. */
  announce(file: string): void;
  /** Where the person who watches on our pages left the film of a stream; as `JellyfinPlaces.of`. */
  placeOf(streamId: string): Promise<FilmPlace | undefined>;
}

export interface JellyfinDependencies {
  readonly config: Config;
  readonly files: MediaFiles;
  readonly roots: readonly string[];
  readonly streams: Streams;
  readonly records: Pick<StreamRecords, "read">;
  readonly besides?: StrmDependencies["besides"];
  readonly plan: ForeseeDependencies["plan"];
  readonly outputSize: FilmSizes["outputSize"];
  readonly log: Log;
  /** Where other gateways may have the same Jellyfin. */
  readonly leases?: Leases | undefined;
  /** Streams of other gateways: who watches one keeps the night waiting, too. */
  readonly others?: (() => Promise<readonly Pick<StreamStatus, "viewers">[]>) | undefined;
  /** What is played through the proxy, which tells the streams about those viewers itself. */
  readonly playbacks: Playbacks;
}

const POLLING = { busyMs: 5_000, idleMs: 30_000 };

export function createJellyfin(deps: JellyfinDependencies): Jellyfin {
  const { config, streams, playbacks, log } = deps;
  const { url, apiKey, onPlay, wishes } = config.jellyfin;
  const clock = { nowMs: () => Date.now() };
  const client =
    url === undefined || apiKey === undefined ? undefined : createJellyfinClient({ url, apiKey });
  const lookups = createLookups();
  const places = client && createJellyfinPlaces({ ...deps, ...clock, client });
  const paths = createPathFinder(client, clock);
  const libraryOf = createLibraryNames(client, [...onPlay, ...wishes]);
  const films = createPlayedFilms({ ...deps, libraryOf });
  let switcher: Switcher | undefined;
  let announcer: FilmAnnouncer | undefined;
  let episodes: NextEpisodes | undefined;
  const watching = createWatching({
    ...{ films, paths, clock, log },
    isToldElsewhere: (viewer, itemId) => playbacks.isFollowed(viewer, itemId),
    onOutcome: (itemId, outcome) => {
      lookups.settle(itemId, outcome);
      if (outcome.kind !== "stream") return;
      void switcher?.look();
      episodes?.look(outcome.id);
    },
  });
  const viewing = createViewing(playbacks, watching);
  const leader = createLeadership(deps.leases, {
    ...{ name: "jellyfin", mayLead: client !== undefined },
    onTaken() {
      log.info("This gateway asks Jellyfin who is watching, on behalf of all gateways");
      poller?.poke();
    },
    // Whoever leads next is told of them by Jellyfin.
    onLost: () => watching.noteSessions([], Number.POSITIVE_INFINITY),
  });
  const poller: SessionPoller | undefined =
    client === undefined
      ? undefined
      : startSessionPoller(
          {
            ...{ client, clock, log, isBusy: () => viewing.players().length > 0 },
            // Who plays through this gateway's proxy is followed by it, whoever leads.
            mayAsk: () => leader.isHere() || playbacks.open().length > 0,
          },
          POLLING,
        );
  poller?.onList((sessions, askedAtMs) => {
    if (leader.isHere()) watching.noteSessions(sessions, askedAtMs);
  });

  const stack = new AsyncDisposableStack();
  stack.use(leader);
  if (poller !== undefined) stack.use(poller);
  if (client !== undefined) announcer = stack.use(createFilmAnnouncer({ ...deps, client }));
  const strm = startStrm({ ...deps, client, viewing, onItem: () => void switcher?.look() });
  if (strm !== undefined) stack.use(strm);
  if (client !== undefined) switcher = stack.use(createSwitcher({ streams, client, clock, log }));
  switcher?.add(
    seenPlayers({
      ...{ config, watching, libraryOf },
      itemOf: (id) => strm?.itemOf(id),
      ownSoundOf: (id) => ownSoundOf(deps.records, id),
      isComing: (id) => strm?.isComing(id) ?? false,
    }),
  );

  if (client !== undefined)
    episodes = stack.use(
      makeNextEpisodes({
        ...deps,
        client,
        played: () => viewing.players(),
        profileOf: async (streamId) => (await deps.records.read(streamId))?.profile,
      }),
    );
  const isAnyonePlaying = async (): Promise<boolean> =>
    viewing.players().length > 0 ||
    [...streams.list(), ...((await deps.others?.()) ?? [])].some(({ viewers }) => viewers > 0);
  const library = stack.use(
    startLibraryScan({
      ...deps,
      client,
      now: () => new Date(),
      freeBytes: () => freeBytes(config.dataDir),
      ...{ isAnyonePlaying, leads: () => leader.isHere() },
    }),
  );

  return {
    ...{ leader, client, watching, poller, switcher, lookups, library, isAnyonePlaying },
    ...takeEvents(deps, { client, watching, poller, lookups, library, paths }),
    announce: (file) => void announcer?.announce(file),
    placeOf: async (streamId) => places?.of(streamId),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The index in the film's file of the sound that its stream has. */
async function ownSoundOf(
  records: JellyfinDependencies["records"],
  streamId: string,
): Promise<number | undefined> {
  const record = asPlanned(await records.read(streamId));
  return record === undefined || record.output.audio.kind === "none"
    ? undefined
    : record.output.audio.index;
}
