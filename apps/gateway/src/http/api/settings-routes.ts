import { UpreelError } from "@upreel/core";
import { json, Router } from "express";
import { z } from "zod";
import type { GatewayDeps } from "../deps.ts";
import { requireFreePorts } from "../server/require-free-ports.ts";

const bodySchema = z.record(z.string(), z.unknown());

/** The settings, from the schema that reads them at the start. */
export function settingsRoutes({ settings, restart, log }: GatewayDeps): Router {
  const router = Router();
  router.get("/settings", (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json({ settings: settings.list() });
  });
  router.put("/settings", json({ type: () => true, limit: "100kb" }), async (request, response) => {
    const body = bodySchema.safeParse(request.body);
    if (!body.success)
      throw new UpreelError("bad_request", "the body does not name settings", {
        expected: '{"QUALITY": 18}, with null for the default',
      });
    await settings.change(body.data);
    log.info(`Settings changed on the dashboard: ${Object.keys(body.data).join(", ")}`);
    response.json({ settings: settings.list() });
  });
  router.post("/restart", async (_request, response) => {
    await requireFreePorts(settings.config, settings.readNext());
    log.info("A restart was requested on the Settings page");
    // Ended with this process otherwise.
    response.once("finish", restart);
    response.status(202).json({ status: "restarting" });
  });
  return router;
}
