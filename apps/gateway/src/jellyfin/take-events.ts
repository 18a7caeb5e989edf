import { toReason, type Log } from "@upreel/core";
import type {
  createPathFinder,
  JellyfinClient,
  Notification,
  SessionPoller,
  Watching,
} from "@upreel/jellyfin";
import type { LibraryScan } from "./library/library-scan.ts";
import type { Lookups } from "./lookups.ts";
import { startJellyfinFilm } from "./played-films.ts";

/** What a body that named no file was good for; answered before any of it is done. */
export interface Acceptance {
  /** Where `/status` tells how it went; `undefined` when there is nothing to tell. */
  readonly lookupId: string | undefined;
  readonly message: string;
}

/** What webhooks and triggers tell that name no file of this machine. */
export interface JellyfinEvents {
  /** Takes an event of the webhook plugin; the work is done later. */
  note(notification: Notification): Acceptance;
  /** Upscales an item that a trigger names by its id. */
  lookUp(item: { readonly itemId: string; readonly title: string | undefined }): Acceptance;
}

interface Parts {
  readonly client: JellyfinClient | undefined;
  readonly watching: Pick<Watching, "note">;
  readonly poller: Pick<SessionPoller, "poke"> | undefined;
  readonly lookups: Lookups;
  readonly library: Pick<LibraryScan, "look">;
  readonly paths: ReturnType<typeof createPathFinder>;
}

export function takeEvents(
  deps: Parameters<typeof startJellyfinFilm>[0] & { readonly log: Pick<Log, "warn"> },
  { client, watching, poller, lookups, library, paths }: Parts,
): JellyfinEvents {
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
    note,
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
            deps.log.warn(`Jellyfin's item ${itemId} is not upscaled: ${reason.message}`);
            lookups.settle(itemId, { kind: "failed", reason });
          },
        );
      return acceptance;
    },
  };
}

const nameless = (canAsk: boolean): string =>
  canAsk
    ? 'the event names no item, so Jellyfin is asked who plays what; add "ItemId":"{{ItemId}}" to the template'
    : 'the event names no item: tick "Send All Properties (ignores template)" of the webhook\'s destination, or add "ItemId":"{{ItemId}}" to its template';
