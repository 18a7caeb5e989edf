import { fileURLToPath } from "node:url";
import express, { type Express, type RequestHandler } from "express";
import type { GatewayDeps } from "../http/deps.ts";
import { errorHandler, notFoundHandler } from "../http/error-status.ts";
import { hlsRoutes } from "../http/hls-routes.ts";
import { playheadRoutes } from "../http/playhead-routes.ts";
import { keepPlaying } from "./keep-playing.ts";
import { mirroredRoutes } from "./mirrored-routes.ts";
import { playOriginal } from "./play-original.ts";
import { openFilmOf } from "./open-film.ts";
import { patientStreams } from "./patient-streams.ts";
import { whyRoutes } from "./why-routes.ts";

const WEB_SCRIPT = fileURLToPath(new URL("web-script/web.js", import.meta.url));

/**
 * What is ours on the proxy's port, below `/upscale`: playing by a stream's own unguessable id, and
 * why something is not upscaled. Nothing here starts, ends or lists streams.
 */
export function createOwnApp(
  deps: GatewayDeps,
  reopen: (streamId: string) => void,
  basePath: string,
): Express {
  const streams = withoutLeavers(deps);
  const patient = hlsRoutes({ ...deps, streams: patientStreams(streams, reopen) });
  const plain = hlsRoutes({ ...deps, streams });
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", ["loopback", "linklocal", "uniquelocal"]);
  app.use(noSniff);
  app.use("/hls", (request, ...rest) => {
    const isPiece = request.path.endsWith(".ts");
    // Playlists come first: a player that gets an error for one plays the original.
    return (isPiece ? patient : plain)(request, ...rest);
  });
  app.use(playheadRoutes(deps));
  app.use(whyRoutes(deps, openFilmOf(deps)));
  app.use(mirroredRoutes(deps, basePath));
  app.get("/web.js", (_request, response) => {
    response.sendFile(WEB_SCRIPT, { maxAge: "5m" });
  });
  // For an nginx in front, which waits for it.
  app.get("/health", (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json({ status: "ok" });
  });
  app.use(notFoundHandler);
  app.use(keepPlaying(deps, reopen));
  app.use(playOriginal(deps));
  app.use(errorHandler(deps.log));
  return app;
}

/** Requests that a player had begun before it left do not make it a viewer again. */
const withoutLeavers = ({ streams, playbacks }: GatewayDeps): GatewayDeps["streams"] => ({
  ...streams,
  noteAsked(id, k, client) {
    if (!playbacks.hasJustLeft(client)) streams.noteAsked(id, k, client);
  },
});

const noSniff: RequestHandler = (_request, response, next) => {
  response.setHeader("X-Content-Type-Options", "nosniff");
  next();
};
