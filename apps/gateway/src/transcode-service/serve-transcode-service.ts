import { join } from "node:path";
import express, { type ErrorRequestHandler, type Express } from "express";
import type { GatewayDeps } from "../http/deps.ts";
import { refuseForeignNames } from "../http/guard/refuse-other-sites.ts";
import { endSlowBodies } from "../http/guard/slow-bodies.ts";
import { detailErrors, notFound } from "../http/server/detail-errors.ts";
import type { LastDefence } from "../http/server/last-defence.ts";
import { serveHanded, type HandedServer } from "../http/server/server.ts";
import { systemClock } from "../waiting/timed-clock.ts";
import { beamRoutes } from "./beam-routes.ts";
import { openBeamedFiles, removeBeamedStreams, type BeamedFiles } from "./beamed-files.ts";
import { jobRoutes } from "./job-routes.ts";
import { isJobUpgrade, takeListeners } from "./job-socket.ts";
import { createTranscodeJobs, type TranscodeJobs } from "./transcode-jobs.ts";
import { admitCaller } from "./transcode-token.ts";

/** A caller asks four times a second, on few connections. */
const MAX_CONNECTIONS = 200;

function createTranscodeApp(
  deps: GatewayDeps,
  jobs: TranscodeJobs,
  beamed: BeamedFiles,
  admit: ReturnType<typeof admitCaller>,
): Express {
  const { config, log } = deps;
  const app = express();
  app.disable("x-powered-by");
  const { token } = config.transcode;
  app.use(refuseForeignNames({ ...config, apiToken: token === "none" ? undefined : "set" }, log));
  app.use((request, response, next) => {
    response.setHeader("Cache-Control", "no-store");
    admit(request);
    next();
  });
  // Films come for as long as they take; these bound themselves.
  app.use(beamRoutes(jobs, beamed));
  app.use(endSlowBodies());
  app.use(jobRoutes(deps, jobs, beamed));
  app.use(notFound);
  app.use(endRefusedBodies());
  app.use(detailErrors(log, { door: "Transcode service" }));
  return app;
}

/** Who is refused may still send, a film that is not wanted for example, but not for ever. */
function endRefusedBodies(): ErrorRequestHandler {
  const bound = endSlowBodies();
  return (thrown, request, response, next) => bound(request, response, () => next(thrown));
}

/** Answers callers of the older contract of remote workers, on connections that another process accepted. */
export async function serveTranscodeService(
  deps: GatewayDeps,
  defence: LastDefence,
): Promise<HandedServer> {
  const { config, streams, records } = deps;
  const beamed = await openBeamedFiles(join(config.ownDir, "beamed"));
  await removeBeamedStreams(beamed.folder, { streams, records });
  const jobs = createTranscodeJobs({
    ...{ ...deps, beamed, clock: systemClock, nowSeconds: () => Math.floor(Date.now() / 1_000) },
  });
  const admit = admitCaller(config.transcode.token);
  const http = serveHanded(createTranscodeApp(deps, jobs, beamed, admit), defence, {
    ...{ maxConnections: MAX_CONNECTIONS, isUpgrade: isJobUpgrade },
  });
  takeListeners(http.server, jobs, admit);
  http.server.requestTimeout = 0;
  return {
    ...http,
    async [Symbol.asyncDispose]() {
      await jobs[Symbol.asyncDispose]();
      await http[Symbol.asyncDispose]();
    },
  };
}
