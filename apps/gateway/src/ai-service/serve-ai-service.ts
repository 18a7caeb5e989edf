import express, { type Express } from "express";
import type { GatewayDeps } from "../http/deps.ts";
import { endSlowBodies } from "../http/guard/slow-bodies.ts";
import type { LastDefence } from "../http/server/last-defence.ts";
import { serveHanded, type HandedServer } from "../http/server/server.ts";
import { aboutRoutes } from "./about-routes.ts";
import { faceRoutes } from "./face-routes.ts";
import { frameRoutes } from "./frame-routes.ts";
import { createFrameService } from "./frame-service.ts";
import { loadRoutes } from "./load-routes.ts";
import { logRoutes } from "./log-routes.ts";
import { detailErrors, notFound } from "../http/server/detail-errors.ts";
import { requireServiceToken } from "./service-token.ts";

/** A plugin sends a few frames at a time; what waits holds a connection. */
const MAX_CONNECTIONS = 200;

/** Answers what the upscaler plugin of Jellyfin asks its own service. */
function createServiceApp(deps: GatewayDeps): Express {
  const { models, pictures, config, log } = deps;
  const service = createFrameService({ models, pictures, dataDir: config.dataDir });
  const app = express();
  app.disable("x-powered-by");
  app.use(endSlowBodies());
  app.use(requireServiceToken(config.aiService.token));
  app.use((_request, response, next) => {
    response.setHeader("Cache-Control", "no-store");
    next();
  });
  app.use(aboutRoutes(deps, service));
  app.use(frameRoutes(service));
  app.use(faceRoutes(deps));
  app.use(loadRoutes(deps, service));
  app.use(logRoutes(deps));
  app.use(notFound);
  app.use(detailErrors(log, { door: "AI service", unauthorized: 403 }));
  return app;
}

/** The same on connections that another process accepted. */
export function serveAiService(deps: GatewayDeps, defence: LastDefence): HandedServer {
  const http = serveHanded(createServiceApp(deps), defence, { maxConnections: MAX_CONNECTIONS });
  // A frame waits for its turn for as long as it takes.
  http.server.requestTimeout = 0;
  return http;
}
