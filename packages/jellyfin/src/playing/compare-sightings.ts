import type { Sighting } from "./sighting.ts";

export const isSameItem = (a: Sighting, b: Sighting): boolean =>
  a.itemId === b.itemId &&
  (a.mediaSourceId === undefined ||
    b.mediaSourceId === undefined ||
    a.mediaSourceId === b.mediaSourceId);

/** As far as both name a user. */
export function isSameUser(
  a: { readonly userId?: string | undefined; readonly userName?: string | undefined },
  b: { readonly userId?: string | undefined; readonly userName?: string | undefined },
): boolean {
  if (a.userId !== undefined && b.userId !== undefined) return a.userId === b.userId;
  return a.userName !== undefined && a.userName === b.userName;
}

/** A webhook knows less than the list of sessions: what it lacks stays. */
export const mergeSightings = (known: Sighting, seen: Sighting): Sighting => ({
  ...seen,
  isNamedByDevice: seen.isNamedByDevice || known.isNamedByDevice,
  situation: {
    userId: seen.situation.userId ?? known.situation.userId,
    userName: seen.situation.userName ?? known.situation.userName,
    client: seen.situation.client ?? known.situation.client,
    device: seen.situation.device ?? known.situation.device,
    path: seen.situation.path ?? known.situation.path,
  },
  isRemoteControlled: seen.isRemoteControlled || known.isRemoteControlled,
  mediaSourceId: seen.mediaSourceId ?? known.mediaSourceId,
  path: seen.path ?? known.path,
  title: seen.title ?? known.title,
  seriesId: seen.seriesId ?? known.seriesId,
  sessionId: seen.sessionId ?? known.sessionId,
  chosen: seen.chosen ?? known.chosen,
});

/** What was seen, with the path of the file, which may have had to be looked up. */
export const withPath = (sighting: Sighting, path: string): Sighting => ({
  ...sighting,
  path,
  situation: { ...sighting.situation, path },
});

/** For people. */
export const nameOf = ({ title, itemId }: Sighting): string => title ?? `Jellyfin's item ${itemId}`;
