import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import type { Peers } from "../deps.ts";
import { isSecret } from "../guard/is-secret.ts";

/** Proves that a call comes from another gateway of the same data folder. */
export const PEER_HEADER = "x-upreel-gateway";

/** What they know of each other by: of the folder's own secret, which nobody else can read. */
export const peerKey = (secret: Uint8Array): string =>
  createHmac("sha256", secret).update("gateways").digest("hex");

/** Marks calls that another gateway has passed on, and has judged: they go no further, and need no token. */
export function createPeerMark(key: string): Pick<Peers, "isFromPeer" | "mark" | "unlessFromPeer"> {
  const marked = new WeakSet<IncomingMessage>();
  return {
    isFromPeer: (request: IncomingMessage): boolean => marked.has(request),
    mark(request, _response, next) {
      if (isSecret(request.get(PEER_HEADER), key)) marked.add(request);
      // Neither logs nor routes need to know it.
      delete request.headers[PEER_HEADER];
      next();
    },
    unlessFromPeer:
      (guard): RequestHandler =>
      (request, response, next) =>
        marked.has(request) ? next() : guard(request, response, next),
  };
}
