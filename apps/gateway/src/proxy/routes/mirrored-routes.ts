import { raw, Router } from "express";
import type { ProxyDeps } from "../deps.ts";
import type { PlayedElsewhere } from "../playing/played-elsewhere.ts";
import { leave, noteReport, REPORT_LIMIT_BYTES } from "../playing/playback-reports.ts";
import { readCall } from "../exchange/proxied-call.ts";
import { readAsker } from "../exchange/read-asker.ts";

/**
 * Where an nginx that passes clients' reports straight to Jellyfin sends a copy of them (`mirror`):
 * method, headers and body as they were, the path in `X-Original-URI`. Another gateway sends its copies here, too, of
 * devices that play what this one makes.
 */
export function mirroredRoutes(
  deps: Pick<ProxyDeps, "streams" | "playbacks">,
  basePath: string,
  elsewhere: Pick<PlayedElsewhere, "tell"> | undefined,
): Router {
  const router = Router();
  const body = raw({ type: () => true, limit: REPORT_LIMIT_BYTES });
  router.all("/mirrored", body, (request, response) => {
    const url = request.get("X-Original-URI") ?? "/";
    const call = readCall(request.method, url, basePath);
    const { viewer } = readAsker(request, undefined);
    if (call.kind === "report" && Buffer.isBuffer(request.body)) {
      const isTold = elsewhere?.tell({ viewer }, request, { url, body: request.body }) === true;
      if (!isTold) noteReport(deps, call, request.body, viewer);
    }
    if (call.kind === "encoding_ended") {
      const { playSessionId } = call;
      const isTold = elsewhere?.tell({ playSessionId }, request, { url }) === true;
      if (!isTold) leave(deps, playSessionId, "changed");
    }
    response.status(204).end();
  });
  return router;
}
