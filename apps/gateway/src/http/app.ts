import express, { type Express, type RequestHandler } from "express";
import type { GatewayDeps } from "./deps.ts";
import { parseQuery } from "./server/parse-query.ts";
import { errorHandler, notFoundHandler } from "./server/error-status.ts";
import { exportRoutes } from "./api/export-routes.ts";
import { farmRoutes } from "./farm/farm-routes.ts";
import { workerRoutes } from "./farm/worker-routes.ts";
import { hlsRoutes } from "./hls/hls-routes.ts";
import { libraryRoutes } from "./api/library-routes.ts";
import { machineRoutes } from "./api/machine-routes.ts";
import { modelRoutes } from "./api/model-routes.ts";
import { filmRoutes } from "./api/film-routes.ts";
import { choiceRoutes } from "./api/choice-routes.ts";
import { fileRoutes } from "./api/file-routes.ts";
import { countAnswers, operationRoutes } from "./api/operation-routes.ts";
import { leadToPages } from "./pages/lead-to-pages.ts";
import { pageRoutes } from "./pages/page-routes.ts";
import { pictureRoutes } from "./pictures/picture-routes.ts";
import { pictureLibraryRoutes } from "./api/picture-library-routes.ts";
import { answerAsProxy, PROXY_DOOR } from "./peers/proxy-door.ts";
import { playheadRoutes } from "./hls/playhead-routes.ts";
import { refuseForeignNames, refuseOtherSites } from "./guard/refuse-other-sites.ts";
import { endSlowBodies } from "./guard/slow-bodies.ts";
import { securityHeaders } from "./guard/security-headers.ts";
import { placeRoutes } from "./api/place-routes.ts";
import { queueRoutes } from "./api/queue-routes.ts";
import { scanRoutes } from "./api/scan-routes.ts";
import { settingsRoutes } from "./api/settings-routes.ts";
import { streamRoutes } from "./api/stream-routes.ts";
import { stillRoutes } from "./hls/still-routes.ts";
import { requireToken } from "./guard/token.ts";
import { webhookReceiverRoutes } from "./api/webhook-receiver-routes.ts";
import { trackRoutes } from "./hls/track-routes.ts";

/** The whole HTTP interface. */
export function createApp(deps: GatewayDeps): Express {
  const answers = new Map<number, number>();
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", parseQuery);
  // nginx in front: its X-Forwarded-Proto says what the viewer really used
  app.set("trust proxy", ["loopback", "linklocal", "uniquelocal"]);
  app.use(endSlowBodies());
  app.use(countAnswers(answers));
  app.use(securityHeaders(deps.pages.styleHashes));
  const { peers } = deps;
  // Another gateway has judged what it passes on.
  const unlessFromPeer = peers?.unlessFromPeer ?? ((guard: RequestHandler) => guard);
  if (peers !== undefined) app.use(peers.mark);
  app.use(unlessFromPeer(refuseForeignNames(deps.config, deps.log)));
  app.use(unlessFromPeer(refuseOtherSites(deps.config)));
  // Before the token: browsers send none when an address is typed in.
  app.use(leadToPages());
  // Before the token: workers have keys of their own.
  app.use("/farm/worker", workerRoutes(deps));
  app.use(unlessFromPeer(requireToken(deps.config.apiToken)));
  if (peers !== undefined) app.use(peers.passOn).post("/internal/hand-over/:id", peers.handOver);
  if (peers !== undefined && deps.proxy !== undefined)
    app.use(PROXY_DOOR, answerAsProxy(deps.proxy.answer, peers));
  if (peers !== undefined)
    app.use("/library", async (request, response, next) => {
      if (!(await peers.passOnToLeader(deps.jellyfin.leader, request, response))) next();
    });
  app.use("/hls", hlsRoutes(deps));
  app.use(streamRoutes(deps));
  app.use(queueRoutes(deps));
  app.use(trackRoutes(deps));
  app.use(stillRoutes(deps));
  app.use(pictureRoutes(deps));
  app.use(playheadRoutes(deps));
  app.use(placeRoutes(deps));
  app.use(libraryRoutes(deps));
  app.use(pictureLibraryRoutes(deps));
  app.use(exportRoutes(deps));
  app.use(operationRoutes(deps, answers));
  app.use(modelRoutes(deps));
  app.use(machineRoutes(deps));
  app.use(fileRoutes(deps));
  app.use(choiceRoutes(deps));
  app.use(filmRoutes(deps));
  app.use(scanRoutes(deps));
  app.use(webhookReceiverRoutes(deps));
  app.use(settingsRoutes(deps));
  app.use(farmRoutes(deps));
  app.use(pageRoutes(deps));
  app.use(notFoundHandler);
  app.use(errorHandler(deps.log));
  return app;
}
