import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Router, static as serveStatic } from "express";
import type { GatewayDeps } from "./deps.ts";

const PAGES = fileURLToPath(new URL("../../../player/pages", import.meta.url));

/** The web pages; everything they need comes from this machine. */
export function pageRoutes(deps: GatewayDeps): Router {
  const router = Router();
  const hlsJs = join(dirname(createRequire(import.meta.url).resolve("hls.js")), "hls.min.js");
  router.get("/", (_request, response) => {
    response.sendFile(join(PAGES, "streams.html"));
  });
  router.get("/watch/:id", (request, response) => {
    deps.streams.status(request.params.id);
    response.sendFile(join(PAGES, "watch.html"));
  });
  router.get("/assets/hls.min.js", (_request, response) => {
    response.sendFile(hlsJs, { maxAge: "1d" });
  });
  router.use("/assets", serveStatic(join(PAGES, "assets"), { index: false, maxAge: "5m" }));
  return router;
}
