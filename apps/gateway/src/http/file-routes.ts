import { Router } from "express";
import { listFolder } from "../list-folder.ts";
import type { GatewayDeps } from "./deps.ts";

/** Folders and films below MEDIA_ROOTS, for choosing one. */
export function fileRoutes({ roots }: GatewayDeps): Router {
  const router = Router();
  router.get("/files", async (request, response) => {
    const { path } = request.query;
    response.setHeader("Cache-Control", "no-store");
    response.json(await listFolder(typeof path === "string" ? path : undefined, roots));
  });
  return router;
}
