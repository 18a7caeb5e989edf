import type { RequestListener } from "node:http";
import type { RequestHandler } from "express";
import { headerPairs } from "../server/end-to-end-headers.ts";
import { PEER_HEADER } from "./from-peer.ts";
import type { Peers } from "../deps.ts";

/** Below this each gateway answers the others as its proxy answers clients of Jellyfin. */
export const PROXY_DOOR = "/internal/proxy";
/** What is Upreel's own there. */
export const PLAYING_DOOR = `${PROXY_DOOR}/upscale`;

/** Gives what comes through that door to the proxy as if it had come to its port. */
export const answerAsProxy =
  (answer: RequestListener, { isFromPeer }: Pick<Peers, "isFromPeer">): RequestHandler =>
  (request, response, next) => {
    if (!isFromPeer(request)) return next();
    // Those of this gateway's own pages.
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    // Jellyfin need not know it.
    request.rawHeaders = headerPairs(request.rawHeaders)
      .filter(([name]) => name.toLowerCase() !== PEER_HEADER)
      .flat();
    request.originalUrl = request.url;
    request.baseUrl = "";
    answer(request, response);
  };
