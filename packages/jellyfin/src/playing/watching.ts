import { toUpreelError, type Reason } from "@upreel/core";
import type { JellyfinSession } from "../client/schemas.ts";
import type { PlaybackNotification } from "../webhooks/notification.ts";
import type { FoundFile, PathFinder } from "./path-finder.ts";
import { sightingIn, sightingOf, viewerOf, type Sighting } from "./sighting.ts";

/** What becomes of a film that somebody plays; the gateway fills it. */
export interface PlayedFilms {
  /** Starts its upscale; answers the id of its stream, or why there is none. */
  start(sighting: Sighting, file: FoundFile): Promise<StartedFilm>;
  reportPlayhead(streamId: string, viewer: string, seconds: number, isPaused: boolean): void;
  viewerLeft(streamId: string, viewer: string): void;
}

export type StartedFilm =
  | { readonly kind: "stream"; readonly id: string }
  | { readonly kind: "left_alone"; readonly why: string };

/** What became of the look-up of an item. */
export type Outcome = StartedFilm | { readonly kind: "failed"; readonly reason: Reason };

export interface WatchingDependencies {
  readonly films: PlayedFilms;
  readonly paths: PathFinder;
  readonly clock: { nowMs(): number };
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
  current(): readonly { readonly sighting: Sighting; readonly streamId: string | undefined }[];
}

type State =
  | { readonly kind: "starting" }
  | { readonly kind: "watching"; readonly streamId: string }
  | { readonly kind: "left_alone" }
  | { readonly kind: "failed"; readonly atMs: number; readonly mayRecover: boolean };

interface Viewer {
  sighting: Sighting;
  state: State;
  seenAtMs: number;
  /** When the client itself was last heard of; the server runs on without it. */
  reportedAtMs: number;
  /** The time of that report in the server's own words. */
  checkIn: string | undefined;
  /** What was told to the stream, and when: the server tells the same every second. */
  told: { readonly seconds: number; readonly isPaused: boolean; readonly atMs: number } | undefined;
  hasVanished: boolean;
}

/** More players than any server has; the bound of what is kept. */
const MAX_VIEWERS = 1_000;
/** Clients report every three to ten seconds. */
const VANISHED_AFTER_MS = 60_000;
const FORGOTTEN_AFTER_MS = 60 * 60_000;
const TELL_EVERY_MS = 5_000;
/** A position further from where it should be is a jump. */
const JUMP_SECONDS = 2;
const TRY_AGAIN_MS = 5_000;

export function createWatching(deps: WatchingDependencies): Watching {
  const { films, paths, clock, log } = deps;
  const viewers = new Map<string, Viewer>();

  function leave(name: string): void {
    const viewer = viewers.get(name);
    viewers.delete(name);
    if (viewer?.state.kind === "watching" && !viewer.hasVanished)
      films.viewerLeft(viewer.state.streamId, name);
  }

  async function start(viewer: Viewer): Promise<void> {
    const { sighting } = viewer;
    viewer.state = { kind: "starting" };
    const outcome = await resolve(sighting);
    settle(viewer, outcome);
    deps.onOutcome(sighting.itemId, outcome);
  }

  function settle(viewer: Viewer, outcome: Outcome): void {
    const { sighting } = viewer;
    // Somebody who stopped, or plays something else by now: the upscale goes on as ON_STOP says.
    const isStill = viewers.get(sighting.viewer) === viewer;
    switch (outcome.kind) {
      case "stream":
        viewer.state = { kind: "watching", streamId: outcome.id };
        tell(viewer);
        if (!isStill) films.viewerLeft(outcome.id, sighting.viewer);
        return;
      case "left_alone":
        viewer.state = { kind: "left_alone" };
        return;
      case "failed":
        viewer.state = {
          kind: "failed",
          atMs: clock.nowMs(),
          mayRecover: outcome.reason.code === "jellyfin_unreachable",
        };
        log.warn(`${nameOf(sighting)} is not upscaled: ${outcome.reason.message}`);
    }
  }

  async function resolve(sighting: Sighting): Promise<Outcome> {
    try {
      const { itemId, mediaSourceId, path, title = path } = sighting;
      const file =
        path === undefined || title === undefined
          ? await paths.find(itemId, mediaSourceId)
          : { path, title };
      return await films.start(sighting, file);
    } catch (thrown) {
      const { code, message, expected, got } = toUpreelError(thrown);
      const details = {
        ...(expected === undefined ? {} : { expected }),
        ...(got === undefined ? {} : { got }),
      };
      return { kind: "failed", reason: { code, message, ...details } };
    }
  }

  function tell(viewer: Viewer): void {
    if (viewer.state.kind !== "watching" || viewer.hasVanished) return;
    const { seconds, isPaused } = viewer.sighting;
    const nowMs = clock.nowMs();
    const { told } = viewer;
    if (told !== undefined && told.isPaused === isPaused) {
      const passed = isPaused ? 0 : (nowMs - told.atMs) / 1000;
      const isWhereExpected = Math.abs(seconds - told.seconds - passed) < JUMP_SECONDS;
      if (isWhereExpected && nowMs - told.atMs < TELL_EVERY_MS) return;
    }
    viewer.told = { seconds, isPaused, atMs: nowMs };
    films.reportPlayhead(viewer.state.streamId, viewer.sighting.viewer, seconds, isPaused);
  }

  /** A client that is silent while the server runs on for it is not there any more. */
  function noteSilence(viewer: Viewer, isReported: boolean): void {
    const nowMs = clock.nowMs();
    if (isReported || viewer.sighting.isPaused) {
      viewer.reportedAtMs = nowMs;
      viewer.hasVanished = false;
    } else if (!viewer.hasVanished && nowMs - viewer.reportedAtMs > VANISHED_AFTER_MS) {
      if (viewer.state.kind === "watching")
        films.viewerLeft(viewer.state.streamId, viewer.sighting.viewer);
      viewer.hasVanished = true;
      log.info(`${nameOf(viewer.sighting)}: the player is gone without a word`);
    }
  }

  function see(sighting: Sighting, checkIn: string | undefined): void {
    const { viewer: name } = sighting;
    if (deps.isToldElsewhere(name, sighting.itemId)) return leave(name);
    const nowMs = clock.nowMs();
    const known = viewers.get(name);
    if (known !== undefined && isSameItem(known.sighting, sighting)) {
      const isReported = checkIn === undefined ? sighting.isReported : checkIn !== known.checkIn;
      known.sighting = merge(known.sighting, sighting);
      known.checkIn = checkIn ?? known.checkIn;
      known.seenAtMs = nowMs;
      noteSilence(known, isReported);
      const { state } = known;
      if (state.kind === "failed" && state.mayRecover && nowMs - state.atMs >= TRY_AGAIN_MS)
        void start(known);
      else tell(known);
      return;
    }
    leave(name);
    if (viewers.size >= MAX_VIEWERS) {
      log.warn(`${nameOf(sighting)} is not upscaled: ${MAX_VIEWERS} players are known already`);
      return;
    }
    const viewer: Viewer = {
      sighting,
      state: { kind: "starting" },
      seenAtMs: nowMs,
      reportedAtMs: nowMs,
      checkIn,
      told: undefined,
      hasVanished: false,
    };
    viewers.set(name, viewer);
    void start(viewer);
  }

  return {
    note(notification) {
      const name = viewerOf(notification);
      if (notification.kind === "stop") {
        if (notification.isInvented)
          log.info(`${notification.title ?? "A film"}: ended by the server, not by its viewer`);
        if (name === undefined) return false;
        // The Stop of the film before comes after the Start of the next one.
        const playing = viewers.get(name)?.sighting.itemId;
        if (notification.itemId === undefined || notification.itemId === playing) leave(name);
        return true;
      }
      const sighting = sightingOf(notification);
      if (sighting === undefined) return false;
      see(sighting, undefined);
      return sighting.isNamedByDevice;
    },
    noteSessions(sessions, askedAtMs) {
      const seen = new Set<string>();
      for (const session of sessions) {
        const sighting = sightingIn(session);
        if (sighting === undefined) continue;
        seen.add(sighting.viewer);
        see(sighting, session.LastPlaybackCheckIn ?? undefined);
      }
      for (const [name, { seenAtMs, sighting }] of viewers) {
        // Who began after the question was asked is not in its answer.
        const hasStopped = sighting.isNamedByDevice && !seen.has(name) && seenAtMs < askedAtMs;
        if (hasStopped || clock.nowMs() - seenAtMs > FORGOTTEN_AFTER_MS) leave(name);
      }
    },
    current: () =>
      [...viewers.values()].map(({ sighting, state }) => ({
        sighting,
        streamId: state.kind === "watching" ? state.streamId : undefined,
      })),
  };
}

const isSameItem = (a: Sighting, b: Sighting): boolean =>
  a.itemId === b.itemId &&
  (a.mediaSourceId === undefined ||
    b.mediaSourceId === undefined ||
    a.mediaSourceId === b.mediaSourceId);

/** A webhook knows less than the list of sessions: what it lacks stays. */
const merge = (known: Sighting, seen: Sighting): Sighting => ({
  ...seen,
  mediaSourceId: seen.mediaSourceId ?? known.mediaSourceId,
  path: seen.path ?? known.path,
  title: seen.title ?? known.title,
  seriesId: seen.seriesId ?? known.seriesId,
  sessionId: seen.sessionId ?? known.sessionId,
  hasChosenTracks: seen.path === undefined ? known.hasChosenTracks : seen.hasChosenTracks,
});

const nameOf = ({ title, itemId }: Sighting): string => title ?? `Jellyfin's item ${itemId}`;
