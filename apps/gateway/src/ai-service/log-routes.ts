import { Router } from "express";
import { z } from "zod";
import { sendLog } from "../http/api/send-log.ts";
import type { GatewayDeps } from "../http/deps.ts";

const MOST_LINES = 200;
const limitSchema = z.coerce.number().int().min(1).max(MOST_LINES).catch(MOST_LINES);

/** Upreel's log under the names by which such a service has been asked for it; with the token, as it names films. */
export function logRoutes(deps: Pick<GatewayDeps, "logFeed" | "closing">): Router {
  const router = Router();
  router.get(["/logs-stream", "/logs/stream"], sendLog(deps));
  router.get("/logs/recent", (request, response) => {
    const limit = limitSchema.parse(request.query["limit"]);
    const entries = deps.logFeed.recent().slice(-limit);
    response.json({ count: entries.length, entries });
  });
  return router;
}
