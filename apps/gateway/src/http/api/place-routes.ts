import { BlockList, isIP } from "node:net";
import type { PlaceAnswer } from "@upreel/core";
import { Router, type Request } from "express";
import { within } from "../../waiting/within.ts";
import type { GatewayDeps } from "../deps.ts";

/** The film plays meanwhile: who has watched for so long is not taken elsewhere. */
const ANSWER_MS = 3_000;

const HERE = new BlockList();
HERE.addSubnet("127.0.0.0", 8);
HERE.addAddress("::1", "ipv6");

/**
 * Where the viewer left a film in Jellyfin. Never by the film's link alone, which may be handed on: it needs the API token.
 * Where none is set, this machine alone is told: others may be strangers.
 */
export function placeRoutes({
  config,
  jellyfin,
}: Pick<GatewayDeps, "config" | "jellyfin">): Router {
  const router = Router();
  router.get("/place/:id", async (request, response) => {
    const mayKnow = config.apiToken !== undefined || isFromHere(request);
    const place = mayKnow
      ? await within(jellyfin.placeOf(request.params.id), { ms: ANSWER_MS })
      : undefined;
    const answer: PlaceAnswer = { place: place ?? null };
    response.setHeader("Cache-Control", "no-store");
    response.json(answer);
  });
  return router;
}

/**
 * Whoever is named as asking, and all proxies between. `request.ip` is not enough: devices of the home network are trusted
 * as proxies, and may name any address before their own.
 */
const isFromHere = ({ socket, ips }: Request): boolean =>
  [socket.remoteAddress ?? "", ...ips].every(isHere);

function isHere(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && HERE.check(address, version === 6 ? "ipv6" : "ipv4");
}
