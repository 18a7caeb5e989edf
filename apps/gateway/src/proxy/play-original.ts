import { toUpreelError } from "@upreel/core";
import { passReason } from "@upreel/jellyfin";
import type { ErrorRequestHandler } from "express";
import type { GatewayDeps } from "../http/deps.ts";

const MASTER = /^\/hls\/[a-z2-7]+\/master\.m3u8$/;

/**
 * A stream that cannot begin: the player is sent to the original. mpv-shim plays that at the right
 * place, and has no other way back; those that only take playlists ask for their PlaybackInfo again.
 */
export function playOriginal({ playbacks, log }: GatewayDeps): ErrorRequestHandler {
  return (thrown, request, response, next) => {
    const { PlaySessionId: session } = request.query;
    const playback =
      typeof session === "string" && MASTER.test(request.path)
        ? playbacks.find(session)?.playback
        : undefined;
    if (playback === undefined || response.headersSent) return next(thrown);
    const { message } = toUpreelError(thrown);
    log.warn(`${playback.client ?? "A client"} is sent to the original: ${message}`);
    const reason = passReason("stream_failed", message);
    playbacks.choose(playback.viewer, playback.itemId, { shows: "original", reason });
    // From /upscale/hls/<id>/, so that it is right below a base URL, too.
    const { itemId, sourceId } = playback;
    response.redirect(`../../../Videos/${itemId}/stream?static=true&mediaSourceId=${sourceId}`);
  };
}
