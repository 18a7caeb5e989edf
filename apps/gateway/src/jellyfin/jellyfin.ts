import { asPlanned, toReason, type Log, type StreamRecords } from "@upreel/core";
import {
  createJellyfinClient,
  createPathFinder,
  createWatching,
  startSessionPoller,
  type JellyfinClient,
  type Notification,
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
import { createLibraryNames } from "./library-names.ts";
import { createLookups, type Lookups } from "./lookups.ts";
import { createPlayedFilms, startJellyfinFilm } from "./played-films.ts";
import { startStrm } from "./start-strm.ts";
import { createSwitcher, type Switcher } from "../viewing/switcher.ts";
import { seenPlayers } from "./seen-players.ts";

/** What a body that named no file was good for; answered before any of it is done. */
export interface Acceptance {
  /** Where `/status` tells how it went; `undefined` when there is nothing to tell. */
  readonly lookupId: string | undefined;
  readonly message: string;
}

/** All that the gateway does with Jellyfin, except the proxy. */
export interface Jellyfin extends AsyncDisposable {
  /** Without JELLYFIN_URL and JELLYFIN_API_KEY there is none. */
  readonly client: JellyfinClient | undefined;
  readonly watching: Watching;
  /** The one list of who plays what, and the one place from which clients are switched; as `client`. */
  readonly poller: SessionPoller | undefined;
  readonly switcher: Switcher | undefined;
  readonly lookups: Lookups;
  readonly library: LibraryScan;
  /** Takes an event of the webhook plugin; the work is done later. */
  note(notification: Notification): Acceptance;
  /** Tells Jellyfin of a finished film, if it lies in a library of its own. */
  announce(file: string): void;
  /** Upscales an item that a trigger names by its id. */
  lookUp(item: { readonly itemId: string; readonly title: string | undefined }): Acceptance;
}

export interface JellyfinDependencies {
  readonly config: Config;
  readonly files: MediaFiles;
  readonly roots: readonly string[];
  readonly streams: Streams;
  readonly records: Pick<StreamRecords, "read">;
  readonly plan: ForeseeDependencies["plan"];
  readonly outputSize: FilmSizes["outputSize"];
  readonly log: Log;
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
  const paths = createPathFinder(client, clock);
  const libraryOf = createLibraryNames(client, [...onPlay, ...wishes]);
  const films = createPlayedFilms({ ...deps, libraryOf });
  let switcher: Switcher | undefined;
  let announcer: FilmAnnouncer | undefined;
  let episodes: NextEpisodes | undefined;
  const watching = createWatching({
    films,
    paths,
    clock,
    log,
    isToldElsewhere: (viewer, itemId) => playbacks.isFollowed(viewer, itemId),
    onOutcome: (itemId, outcome) => {
      lookups.settle(itemId, outcome);
      if (outcome.kind !== "stream") return;
      void switcher?.look();
      episodes?.look(outcome.id);
    },
  });
  const viewing = createViewing(playbacks, watching);
  const poller: SessionPoller | undefined =
    client === undefined
      ? undefined
      : startSessionPoller(
          { client, clock, log, isBusy: () => viewing.players().length > 0 },
          POLLING,
        );
  poller?.onList((sessions, askedAtMs) => watching.noteSessions(sessions, askedAtMs));

  const stack = new AsyncDisposableStack();
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
  const library = stack.use(
    startLibraryScan({
      ...deps,
      client,
      now: () => new Date(),
      freeBytes: () => freeBytes(config.dataDir),
      isAnyonePlaying: () =>
        viewing.players().length > 0 || streams.list().some(({ viewers }) => viewers > 0),
    }),
  );

  const askForFile = (itemId: string): Acceptance => ({
    lookupId: lookups.open(itemId),
    message:
      client === undefined
        ? "only the item's id is known, and Upreel cannot ask Jellyfin for its file: set JELLYFIN_URL and JELLYFIN_API_KEY"
        : "Jellyfin is asked for the file",
  });

  function note(notification: Notification): Acceptance {
    const { kind } = notification;
    if (kind === "other")
      return { lookupId: undefined, message: `nothing to do at ${notification.type}` };
    if (kind === "added") {
      library.look();
      return { lookupId: undefined, message: "the library scan looks for it" };
    }
    const { itemId } = notification;
    const acceptance = itemId === undefined ? undefined : askForFile(itemId);
    const isEnough = watching.note(notification);
    // The list knows more of who has just begun: the tracks, and whether the client can be switched.
    if (!isEnough || kind === "start") poller?.poke();
    if (kind === "stop") return { lookupId: acceptance?.lookupId, message: "the viewer has left" };
    return acceptance ?? { lookupId: undefined, message: nameless(client !== undefined) };
  }

  return {
    ...{ client, watching, poller, switcher, lookups, library },
    note,
    announce: (file) => void announcer?.announce(file),
    lookUp({ itemId, title }) {
      const acceptance = askForFile(itemId);
      paths
        .find(itemId, undefined)
        .then((file) =>
          startJellyfinFilm(deps, {
            path: file.path,
            title: title ?? file.title,
            priority: "viewer",
          }),
        )
        .then(
          (outcome) => lookups.settle(itemId, outcome),
          (thrown: unknown) => {
            const reason = toReason(thrown);
            log.warn(`Jellyfin's item ${itemId} is not upscaled: ${reason.message}`);
            lookups.settle(itemId, { kind: "failed", reason });
          },
        );
      return acceptance;
    },
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

const nameless = (canAsk: boolean): string =>
  canAsk
    ? 'the event names no item, so Jellyfin is asked who plays what; add "ItemId":"{{ItemId}}" to the template'
    : 'the event names no item: tick "Send All Properties (ignores template)" of the webhook\'s destination, or add "ItemId":"{{ItemId}}" to its template';
