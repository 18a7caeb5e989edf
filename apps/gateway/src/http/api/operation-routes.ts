import { Router, type RequestHandler } from "express";
import { viewsInTurns } from "../../waiting/in-turns.ts";
import { within } from "../../waiting/within.ts";
import type { GatewayDeps } from "../deps.ts";
import { metricsText } from "./metrics.ts";
import { openApiDocument } from "./openapi/openapi.ts";
import { sendLog } from "./send-log.ts";
import { clientOf } from "../hls/playhead-routes.ts";

/** A server of jobs that is slow costs its own lines of `/metrics` alone. */
const BACKLOG_MS = 2_000;

/** Counts answers by status code for `/metrics`. */
export function countAnswers(answers: Map<number, number>): RequestHandler {
  return (_request, response, next) => {
    response.once("finish", () => {
      answers.set(response.statusCode, (answers.get(response.statusCode) ?? 0) + 1);
    });
    next();
  };
}

/** Health, metrics, API description, logs, and what nginx reports. */
export function operationRoutes(deps: GatewayDeps, answers: ReadonlyMap<number, number>): Router {
  const { streams } = deps;
  const router = Router();
  router.get("/health", (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json({
      status: "ok",
      streams: streams.ids().length,
      uptime_seconds: Math.round(process.uptime()),
    });
  });
  router.get("/metrics", async (_request, response) => {
    const text = metricsText(
      await Array.fromAsync(viewsInTurns(streams)),
      { answers },
      {
        uptimeSeconds: process.uptime(),
        residentBytes: process.memoryUsage.rss(),
        loopLag: deps.loopLag.read(),
      },
      (await within(deps.jobs.backlog(), { ms: BACKLOG_MS })) ?? {},
      deps.farm.see(),
      { inVain: streams.inVain(), late: deps.farm.late() },
    );
    response.type("text/plain; version=0.0.4").send(text);
  });
  router.get("/openapi.json", (_request, response) => {
    response.json(openApiDocument());
  });
  router.get("/logs/stream", sendLog(deps));
  // nginx serves segments and finished films from disk and mirrors each request here, so that the playhead is known.
  router.all("/internal/served", async (request, response) => {
    const url = request.get("x-original-uri") ?? "";
    const [, id, name] = /^\/hls\/([^/]+)\/(?:segments\/(\d{6})|archive)\.ts/.exec(url) ?? [];
    if (id !== undefined && streams.has(id)) {
      (await streams.folder(id)).noteWanted();
      if (name !== undefined) streams.noteAsked(id, Number(name), clientOf(request, url));
    }
    response.status(204).end();
  });
  return router;
}
