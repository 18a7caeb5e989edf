import { setTimeout as sleep } from "node:timers/promises";
import { asPlanned, toUpreelError } from "@upreel/core";
import type { ErrorRequestHandler, Response } from "express";
import type { ProxyDeps } from "./deps.ts";
import { clientOf } from "../http/hls/playhead-routes.ts";
import { firstPieceDeadline } from "./first-pieces.ts";
import { NULL_PACKET } from "../http/hls/segment-hold.ts";
import { writeFile } from "../http/server/send-file.ts";
import { writeSegment } from "../http/hls/send-segment.ts";

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
    const send = await tryAgain(deps, response, deadline, async (signal) => {
      reopen(id);
      return rendition === undefined
        ? findSegment(deps, response, id, k, clientOf(request), signal)
        : findSound(deps, response, id, rendition, k);
    });
    if (send !== undefined) await send();
    else if (!response.destroyed && firstPieceDeadline(response)?.aborted === true) next(thrown);
  };
}

function isPastTheEnd({ streams }: ProxyDeps, id: string, k: number): boolean {
  return k >= (streams.get(id)?.segmentsTotal ?? Number.POSITIVE_INFINITY);
}

async function findSegment(
  { streams }: ProxyDeps,
  response: Response,
  id: string,
  k: number,
  client: string,
  signal: AbortSignal,
): Promise<Send> {
  const folder = await streams.folder(id);
  streams.noteAsked(id, k, client);
  await folder.whenReady(k, signal);
  return () => writeSegment(response, folder, k);
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

/**
 * Repeats `attempt` until it gives something; undefined when the client or the server goes, which then
 * cuts the answer: not sooner, or the player asks for the next segment while it can.
 */
async function tryAgain(
  { hold, closing }: ProxyDeps,
  response: Response,
  deadline: AbortSignal | undefined,
  attempt: (signal: AbortSignal) => Promise<Send>,
): Promise<Send | undefined> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, closing, ...(deadline ? [deadline] : [])]);
  // What has begun can be refused no more.
  const say = (): void => void (deadline === undefined && response.write(NULL_PACKET));
  say();
  const packets = setInterval(say, hold.packetEveryMs);
  try {
    while (!signal.aborted) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(2 * hold.silentMs)]);
      const send = await attempt(patience).catch(() => undefined);
      if (send !== undefined) return send;
      await sleep(hold.packetEveryMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    clearInterval(packets);
  }
  return undefined;
}
