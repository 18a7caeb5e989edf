import type { RequestHandler } from "express";
import { makeEvictedAgain } from "@upreel/engine";
import type { GatewayDeps } from "../deps.ts";

/** What players ask for; who only looks at thumbnails wants nothing made. */
const PLAYED = /\.(m3u8|ts)$/;

/** A stream's URL never dies: whoever plays a film that was deleted to make room has it made again. */
export const playEvicted =
  (deps: GatewayDeps): RequestHandler<{ id: string }> =>
  async (request, _response, next) => {
    const { id } = request.params;
    const isWatching = request.method === "GET" && PLAYED.test(request.path);
    // In this order: nearly nothing is in that list, and a status has to be made up.
    if (isWatching && (await deps.evicted.find(id)) !== undefined && !isKnown(deps, id))
      await makeEvictedAgain(deps, id);
    next();
  };

function isKnown({ streams }: GatewayDeps, id: string): boolean {
  try {
    streams.status(id);
    return true;
  } catch {
    return false;
  }
}
