import { raw, Router } from "express";
import type { ProxyDeps } from "./deps.ts";
import { leave, noteReport, REPORT_LIMIT_BYTES } from "./playback-reports.ts";
import { readCall } from "./proxied-call.ts";
import { readAsker } from "./read-asker.ts";

/**
 * Where an nginx that passes clients' reports straight to Jellyfin sends a copy of them (`mirror`):
 * method, headers and body as they were, the path in `X-Original-URI`.
 */
export function mirroredRoutes(
  deps: Pick<ProxyDeps, "streams" | "playbacks">,
  basePath: string,
): Router {
  const router = Router();
  const body = raw({ type: () => true, limit: REPORT_LIMIT_BYTES });
  router.all("/mirrored", body, (request, response) => {
    const call = readCall(request.method, request.get("X-Original-URI") ?? "/", basePath);
    const { viewer } = readAsker(request, undefined);
    if (call.kind === "report" && Buffer.isBuffer(request.body))
      noteReport(deps, call, request.body, viewer);
    if (call.kind === "encoding_ended") leave(deps, call.playSessionId, "changed");
    response.status(204).end();
  });
  return router;
}
