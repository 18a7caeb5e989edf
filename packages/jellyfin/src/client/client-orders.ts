import type { JellyfinClient } from "./jellyfin-client.ts";
import type { Transport } from "./transport.ts";

type Orders = Pick<
  JellyfinClient,
  "updateUserData" | "playNow" | "showMessage" | "refresh" | "announceFile"
>;

/** What Jellyfin, or a client by it, is told to do; each answers with nothing. */
export const createOrders = (transport: Transport): Orders => ({
  updateUserData: (itemId, userId, change, signal) =>
    transport.tell(
      {
        ...{ method: "POST", path: `/UserItems/${itemId}/UserData`, query: { userId } },
        body: { ...change },
      },
      signal,
    ),
  playNow: (sessionId, play, signal) =>
    transport.tell(
      {
        method: "POST",
        path: `/Sessions/${encodeURIComponent(sessionId)}/Playing`,
        query: {
          playCommand: "PlayNow",
          itemIds: play.itemId,
          startPositionTicks: play.positionTicks,
          mediaSourceId: play.mediaSourceId,
          audioStreamIndex: play.audioStreamIndex,
          subtitleStreamIndex: play.subtitleStreamIndex,
        },
      },
      signal,
    ),
  showMessage: (sessionId, message, signal) =>
    transport.tell(
      {
        method: "POST",
        path: `/Sessions/${encodeURIComponent(sessionId)}/Message`,
        body: { Header: "Upreel", Text: message.text, TimeoutMs: message.timeoutMs },
      },
      signal,
    ),
  refresh: (itemId, signal) =>
    transport.tell(
      {
        method: "POST",
        path: `/Items/${itemId}/Refresh`,
        query: { metadataRefreshMode: "Default", imageRefreshMode: "Default" },
      },
      signal,
    ),
  announceFile: (path, signal) =>
    transport.tell(
      {
        method: "POST",
        path: "/Library/Media/Updated",
        body: { Updates: [{ Path: path, UpdateType: "Created" }] },
      },
      signal,
    ),
});
