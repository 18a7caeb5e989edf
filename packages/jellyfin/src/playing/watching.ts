import type { Clock } from "@upreel/core";
import type { JellyfinSession } from "../client/schemas.ts";
import type { PlaybackNotification } from "../webhooks/notification.ts";
import { isSameItem, mergeSightings, nameOf } from "./compare-sightings.ts";
import type { PathFinder } from "./path-finder.ts";
import type { Outcome, PlayedFilms } from "./played-films.ts";
import { sightingOf, type Sighting } from "./sighting.ts";
import { noteSessions } from "./note-sessions.ts";
import { beginViewers } from "./begin-viewers.ts";
import { tellStreams } from "./tell-streams.ts";
import { findNamed, findNameless, newViewer, type Viewer } from "./viewers.ts";

export interface WatchingDependencies {
  readonly films: PlayedFilms;
  readonly paths: PathFinder;
  readonly clock: Clock;
  readonly log: { info(message: string): void; warn(message: string): void };
  /** Whether somebody else tells the streams about this viewer (the proxy). */
  readonly isToldElsewhere: (viewer: string, itemId: string) => boolean;
  readonly onOutcome: (itemId: string, outcome: Outcome) => void;
}

/** Who plays what, from webhooks and from the list of sessions, told on to the streams. */
export interface Watching {
  /** False when the body is not enough: the list of sessions tells the rest. */
  note(notification: PlaybackNotification): boolean;
  /** The whole list, as asked for at `askedAtMs`: who is not in it has stopped. */
  noteSessions(sessions: readonly JellyfinSession[], askedAtMs: number): void;
  current(): readonly Watched[];
}

/** Somebody who plays something now. */
export interface Watched {
  /** The same object as long as he plays this. */
  readonly player: object;
  readonly sighting: Sighting;
  /** Undefined: nothing is made of it, or not yet. */
  readonly streamId: string | undefined;
}

/** More players than any server has; the bound of what is kept. */
const MAX_VIEWERS = 1_000;
const TRY_AGAIN_MS = 5_000;

export function createWatching(deps: WatchingDependencies): Watching {
  const { films, clock, log } = deps;
  const viewers = new Map<string, Viewer>();
  /** When webhooks told the end of players, lately. */
  const stopped = new Map<string, number>();

  const told = tellStreams(deps);

  function leave(name: string): void {
    const viewer = viewers.get(name);
    viewers.delete(name);
    if (viewer !== undefined) told.leave(viewer, name);
  }

  const begin = beginViewers(deps, viewers, told);

  /** The device of a player that was known by its user alone. */
  function takeOver(sighting: Sighting): void {
    const [name, viewer] = findNameless(viewers, sighting) ?? [];
    if (name === undefined || viewer === undefined) return;
    viewers.delete(name);
    viewers.set(sighting.viewer, viewer);
    viewer.sighting = mergeSightings(viewer.sighting, sighting);
    if (viewer.state.kind !== "watching") return;
    viewer.told = undefined;
    told.tell(viewer);
    films.viewerLeft(viewer.state.streamId, name);
  }

  function see(sighting: Sighting, checkIn: string | undefined): void {
    const { viewer: name } = sighting;
    takeOver(sighting);
    if (deps.isToldElsewhere(name, sighting.itemId)) return leave(name);
    const nowMs = clock.nowMs();
    const known = viewers.get(name);
    if (known !== undefined && isSameItem(known.sighting, sighting)) {
      const isReported = checkIn === undefined ? sighting.isReported : checkIn !== known.checkIn;
      known.sighting = mergeSightings(known.sighting, sighting);
      known.checkIn = checkIn ?? known.checkIn;
      known.seenAtMs = nowMs;
      told.noteSilence(known, isReported);
      const { state } = known;
      if (state.kind === "failed" && state.mayRecover && nowMs - state.atMs >= TRY_AGAIN_MS)
        begin(known);
      else told.tell(known);
      return;
    }
    leave(name);
    if (viewers.size >= MAX_VIEWERS) {
      log.warn(`${nameOf(sighting)} is not upscaled: ${MAX_VIEWERS} players are known already`);
      return;
    }
    const viewer = newViewer(sighting, checkIn, nowMs);
    viewers.set(name, viewer);
    begin(viewer);
  }

  function noteStop(notification: PlaybackNotification, name: string | undefined): boolean {
    if (notification.isInvented)
      log.info(`${notification.title ?? "A film"}: ended by the server, not by its viewer`);
    if (name === undefined) return false;
    // The Stop of the film before comes after the Start of the next one.
    const playing = viewers.get(name)?.sighting.itemId;
    if (notification.itemId === undefined || notification.itemId === playing) {
      leave(name);
      stopped.set(name, clock.nowMs());
    }
    return true;
  }

  return {
    note(notification) {
      const name = findNamed(viewers, notification);
      if (notification.kind === "stop") return noteStop(notification, name);
      const sighting = sightingOf(notification);
      if (sighting === undefined) return false;
      see({ ...sighting, viewer: name ?? sighting.viewer }, undefined);
      return sighting.isNamedByDevice;
    },
    noteSessions: (sessions, askedAtMs) =>
      noteSessions(sessions, askedAtMs, { viewers, stopped, see, leave, nowMs: clock.nowMs() }),
    current: () =>
      [...viewers.values()].map((player) => ({
        player,
        sighting: player.sighting,
        streamId: player.state.kind === "watching" ? player.state.streamId : undefined,
      })),
  };
}
