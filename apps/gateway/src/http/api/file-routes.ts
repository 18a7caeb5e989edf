import { Router } from "express";
import type { GatewayDeps } from "../deps.ts";

/** Folders and films below MEDIA_ROOTS, for choosing one. */
export function fileRoutes({ files, roots }: GatewayDeps): Router {
  const router = Router();
  router.get("/files", async (request, response) => {
    const { path } = request.query;
    response.setHeader("Cache-Control", "no-store");
    response.json(await files.list(typeof path === "string" ? path : undefined, roots));
  });
  return router;
}
