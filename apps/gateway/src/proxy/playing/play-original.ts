import { toUpreelError } from "@upreel/core";
import { passReason } from "@upreel/jellyfin";
import type { ErrorRequestHandler, Request } from "express";
import { isClientGone } from "../../http/server/client-gone.ts";
import type { ProxyDeps } from "../deps.ts";
import { within } from "../../waiting/within.ts";

const MASTER = /^\/hls\/([a-z2-7]+)\/master\.m3u8$/;

/**
 * A stream that cannot begin: its player is sent to Jellyfin's own stream of the film, with the same
 * sound and subtitles, whose clock is the same, too. Where Jellyfin named none, a player of files gets the
 * file; the others get the error, for which they ask for their PlaybackInfo again.
 */
export function playOriginal({
  playbacks,
  streams,
  log,
  answerTiming,
}: ProxyDeps): ErrorRequestHandler {
  return async (thrown, request, response, next) => {
    const { PlaySessionId: session } = request.query;
    const [, id] = MASTER.exec(request.path) ?? [];
    const playback = typeof session === "string" ? playbacks.find(session)?.playback : undefined;
    // The way back holds the client's token: it is for who knows the stream as well as the session.
    if (playback === undefined || id === undefined || playback.streamId !== id) return next(thrown);
    if (response.headersSent || isClientGone(thrown)) return next(thrown);
    const { itemId, sourceId, playSessionId } = playback;
    const file = `/Videos/${itemId}/stream?static=true&mediaSourceId=${sourceId}`;
    const wayBack = await within(playbacks.wayBackOf(playSessionId), {
      ms: answerTiming.wayBackMs,
    });
    const path = wayBack ?? (playsFiles(request) ? file : undefined);
    if (path === undefined) return next(thrown);
    const { message } = toUpreelError(thrown);
    log.warn(`${playback.client ?? "A client"} is sent to the original: ${message}`);
    playbacks.giveBack(playSessionId, passReason("stream_failed", message));
    if (streams.has(id)) streams.viewerLeft(id, playSessionId);
    response.setHeader("Cache-Control", "no-store");
    // From /upscale/hls/<id>/, so that it is right below a base URL, too.
    response.redirect(`../../..${path}`);
  };
}

/** mpv and VLC look at what comes, whatever was expected. */
const playsFiles = (request: Request): boolean => /mpv|vlc/i.test(request.get("user-agent") ?? "");
