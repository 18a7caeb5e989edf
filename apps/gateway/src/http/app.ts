import express, { type Express } from "express";
import type { GatewayDeps } from "./deps.ts";
import { errorHandler, notFoundHandler } from "./error-status.ts";
import { exportRoutes } from "./export-routes.ts";
import { hlsRoutes } from "./hls-routes.ts";
import { libraryRoutes } from "./library-routes.ts";
import { machineRoutes } from "./machine-routes.ts";
import { modelRoutes } from "./model-routes.ts";
import { fileRoutes } from "./file-routes.ts";
import { countAnswers, operationRoutes } from "./operation-routes.ts";
import { pageRoutes } from "./page-routes.ts";
import { playheadRoutes } from "./playhead-routes.ts";
import { refuseForeignNames, refuseOtherSites } from "./refuse-other-sites.ts";
import { securityHeaders } from "./security-headers.ts";
import { settingsRoutes } from "./settings-routes.ts";
import { streamRoutes } from "./stream-routes.ts";
import { stillRoutes } from "./still-routes.ts";
import { requireToken } from "./token.ts";
import { trackRoutes } from "./track-routes.ts";

/** The whole HTTP interface. */
export function createApp(deps: GatewayDeps): Express {
  const answers = new Map<number, number>();
  const app = express();
  app.disable("x-powered-by");
  // nginx in front: its X-Forwarded-Proto says what the viewer really used
  app.set("trust proxy", ["loopback", "linklocal", "uniquelocal"]);
  app.use(countAnswers(answers));
  app.use(securityHeaders(deps.pages.styleHashes));
  app.use(refuseForeignNames(deps.config, deps.log));
  app.use(refuseOtherSites(deps.config));
  app.use(requireToken(deps.config.apiToken));
  app.use("/hls", hlsRoutes(deps));
  app.use(streamRoutes(deps));
  app.use(trackRoutes(deps));
  app.use(stillRoutes(deps));
  app.use(playheadRoutes(deps));
  app.use(libraryRoutes(deps));
  app.use(exportRoutes(deps));
  app.use(operationRoutes(deps, answers));
  app.use(modelRoutes(deps));
  app.use(machineRoutes(deps));
  app.use(fileRoutes(deps));
  app.use(settingsRoutes(deps));
  app.use(pageRoutes(deps));
  app.use(notFoundHandler);
  app.use(errorHandler(deps.log));
  return app;
}
