import { asPlanned, toUpreelError } from "@upreel/core";
import type { ErrorRequestHandler, Response } from "express";
import type { ProxyDeps } from "../deps.ts";
import { clientOf } from "../../http/hls/playhead-routes.ts";
import { waiting } from "../../http/hls/playlist-wait.ts";
import { firstPieceDeadline } from "./first-pieces.ts";
import { writeFile } from "../../http/server/send-file.ts";
import { writeSegment } from "../../http/hls/send-segment.ts";
import { changesOf } from "../../waiting/in-stream.ts";
import { FOR_EVER_MS, keepAlive, NULL_PACKET } from "../../waiting/keep-alive.ts";
import { NO_CHANGES, until } from "../../waiting/until.ts";

/** `/hls/<id>/segments/000123.ts` and `/hls/<id>/audio/<rendition>/000123.ts` */
const MEDIA = /^\/hls\/([a-z2-7]+)\/(?:segments|audio\/([^/]+))\/(\d{6})\.ts$/;

/** Sends what was asked for; made by an attempt that found it. */
type Send = () => Promise<void>;

/**
 * Ends the routes of playing: whoever plays a stream never gets a status ≥ 400 for a piece of it. What
 * the film does not have is answered with a packet that players skip; all else is tried again, and
 * the request is held meanwhile.
 */
export function keepPlaying(
  deps: ProxyDeps,
  reopen: (streamId: string) => void,
): ErrorRequestHandler {
  return async (thrown, request, response, next) => {
    const [, id, rendition, name] = MEDIA.exec(request.path) ?? [];
    const { code } = toUpreelError(thrown);
    const isPlayed = id !== undefined && deps.playbacks.filmOf(id) !== undefined;
    if (id === undefined || !isPlayed || request.method !== "GET") return next(thrown);
    // Stopping: an answer that is begun now and cut counts as a whole segment to mpv, which asks for
    // the next one at once and is through the film in a second. The end of the server cuts this.
    if (deps.closing.aborted) return;
    // Nobody is there: whoever jumped or left must not go on waiting, and so watching, at the old place.
    if (response.destroyed) return;
    const deadline = firstPieceDeadline(response);
    if (response.headersSent) return next(thrown);
    if (deadline?.aborted === true) return next(thrown);
    const k = Number(name);
    response.type("video/mp2t").setHeader("Cache-Control", "no-store");
    if (code === "source_truncated" || isPastTheEnd(deps, id, k))
      return void response.end(NULL_PACKET);
    deps.log.warn(
      `Segment ${k} of ${id} is held and tried again: ${toUpreelError(thrown).message}`,
    );
    // Before a first piece its time ends, too.
    const { signal: hasGone } = waiting(deps, response);
    const signal = deadline === undefined ? hasGone : AbortSignal.any([hasGone, deadline]);
    const found = tryToFind(deps, signal, (patience) => {
      reopen(id);
      return rendition === undefined
        ? findSegment(deps, response, { id, k, client: clientOf(request) }, patience)
        : findSound(deps, response, id, rendition, k);
    });
    // What has begun can be refused no more.
    const silentMs = deadline === undefined ? 0 : FOR_EVER_MS;
    const holding = keepAlive(found, response, { ...deps.hold, silentMs }, signal);
    const held = await holding.catch((error: unknown) => {
      if (signal.aborted) return "over" as const;
      throw error;
    });
    if (held !== "over") return (await found)?.();
    if (!response.destroyed && firstPieceDeadline(response)?.aborted === true) next(thrown);
  };
}

function isPastTheEnd({ streams }: ProxyDeps, id: string, k: number): boolean {
  return k >= (streams.get(id)?.segmentsTotal ?? Number.POSITIVE_INFINITY);
}

async function findSegment(
  deps: ProxyDeps,
  response: Response,
  { id, k, client }: { readonly id: string; readonly k: number; readonly client: string },
  signal: AbortSignal,
): Promise<Send | undefined> {
  const { streams, hold } = deps;
  const folder = await streams.folder(id);
  streams.noteAsked(id, k, client);
  const isThere = (): true | undefined => {
    // Throws of one that is removed meanwhile.
    streams.status(id);
    return folder.ready.has(k) || undefined;
  };
  const changes = changesOf(deps, id, folder);
  const isReady = await until(isThere, { changes, signal, ms: 2 * hold.silentMs });
  return isReady && (() => writeSegment(response, folder, k));
}

async function findSound(
  { records, renditions }: ProxyDeps,
  response: Response,
  id: string,
  rendition: string,
  k: number,
): Promise<Send> {
  const record = asPlanned(await records.read(id));
  if (record === undefined) throw new Error("nothing is known of the film yet");
  const path = await renditions.audioSegment(record, rendition, k);
  return () => writeFile(response, path);
}

/** Repeats `attempt`, whatever it throws, until it finds something. */
const tryToFind = (
  { hold }: ProxyDeps,
  signal: AbortSignal,
  attempt: (signal: AbortSignal) => Promise<Send | undefined>,
): Promise<Send | undefined> =>
  until(() => attempt(signal).catch(() => undefined), {
    ...{ changes: NO_CHANGES, signal, againMs: hold.packetEveryMs },
  });
