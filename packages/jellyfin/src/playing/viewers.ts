import type { PlaybackNotification } from "../webhooks/notification.ts";
import { isSameItem, isSameUser } from "./compare-sightings.ts";
import { viewerOf, type Sighting } from "./sighting.ts";
import type { Told } from "./told.ts";

type State =
  | { readonly kind: "starting" }
  | { readonly kind: "watching"; readonly streamId: string }
  | { readonly kind: "left_alone" }
  | { readonly kind: "failed"; readonly atMs: number; readonly mayRecover: boolean };

/** A player, what it plays and what became of that. */
export interface Viewer {
  sighting: Sighting;
  state: State;
  seenAtMs: number;
  /** When the client itself was last heard of; the server runs on without it. */
  reportedAtMs: number;
  /** The time of that report in the server's own words. */
  checkIn: string | undefined;
  /** What was told to the stream, and when: the server tells the same every second. */
  told: Told | undefined;
  hasVanished: boolean;
}

/** One that was not seen before. */
export const newViewer = (
  sighting: Sighting,
  checkIn: string | undefined,
  nowMs: number,
): Viewer => ({
  ...{ sighting, checkIn, seenAtMs: nowMs, reportedAtMs: nowMs },
  ...{ state: { kind: "starting" }, told: undefined, hasVanished: false },
});

/** Players by the name that tells one from another. */
type Viewers = ReadonlyMap<string, Viewer>;

/** A webhook that names no device is about the player that is known of its user and film. */
export function findNamed(viewers: Viewers, n: PlaybackNotification): string | undefined {
  const name = viewerOf(n);
  if (name === undefined || n.deviceId !== undefined) return name;
  const known = [...viewers].find(
    ([, { sighting }]) =>
      (n.itemId === undefined || sighting.itemId === n.itemId) &&
      (n.sessionId === undefined
        ? isSameUser(sighting.situation, n)
        : sighting.sessionId === n.sessionId),
  );
  return known?.[0] ?? name;
}

/** The player that was known by its user alone, where a sighting tells its device. */
export function findNameless(
  viewers: Viewers,
  sighting: Sighting,
): [name: string, viewer: Viewer] | undefined {
  if (!sighting.isNamedByDevice || viewers.has(sighting.viewer)) return undefined;
  return [...viewers].find(
    ([, { sighting: known }]) =>
      !known.isNamedByDevice &&
      isSameItem(known, sighting) &&
      isSameUser(known.situation, sighting.situation),
  );
}
