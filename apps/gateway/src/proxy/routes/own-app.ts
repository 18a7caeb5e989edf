import express, { type Express, type Request, type RequestHandler } from "express";
import type { ProxyDeps } from "../deps.ts";
import { errorHandler, notFoundHandler } from "../../http/server/error-status.ts";
import { hlsRoutes } from "../../http/hls/hls-routes.ts";
import { playheadRoutes } from "../../http/hls/playhead-routes.ts";
import { FOR_EVER_MS } from "../../waiting/keep-alive.ts";
import { choiceRoutes } from "./choice-routes.ts";
import { devicesElsewhere } from "../playing/devices-elsewhere.ts";
import { createFirstPieces } from "../playing/first-pieces.ts";
import { keepPlaying } from "../playing/keep-playing.ts";
import { mirroredRoutes } from "./mirrored-routes.ts";
import { playOriginal } from "../playing/play-original.ts";
import { openFilmOf } from "../playback-info/open-film.ts";
import type { PlayedElsewhere } from "../playing/played-elsewhere.ts";
import { qualityRoutes } from "./quality-routes.ts";
import { joinScript } from "../web-script/join-script.ts";
import { whyRoutes } from "./why-routes.ts";

export interface OwnAppParts {
  /** Starts a stream again that somebody plays. */
  readonly reopen: (streamId: string) => void;
  /** Jellyfin's. */
  readonly basePath: string;
  /** Undefined: there are no other gateways. */
  readonly elsewhere: PlayedElsewhere | undefined;
}

/**
 * What is ours on the proxy's port, below `/upscale`: playing by a stream's own unguessable id, and
 * why something is not upscaled. Nothing here starts, ends or lists streams.
 */
export function createOwnApp(
  deps: ProxyDeps,
  { reopen, basePath, elsewhere }: OwnAppParts,
): Express {
  const streams = withoutLeavers(deps);
  const patience = { ...deps, streams, reopen };
  const patient = hlsRoutes(patience);
  const first = createFirstPieces(
    deps.playbacks,
    { nowMs: () => Date.now() },
    deps.hold.firstPieceMs,
  );
  // For pages with lower qualities, too: what has begun can be refused no more.
  const silence = { ...deps.hold, silentMs: FOR_EVER_MS, ladderSilentMs: FOR_EVER_MS };
  const silent = first.bound(hlsRoutes({ ...patience, hold: silence }));
  const plain = hlsRoutes({ ...deps, streams });
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", ["loopback", "linklocal", "uniquelocal"]);
  app.use(noSniff);
  if (deps.peers !== undefined && elsewhere !== undefined)
    app.use(deps.peers.passOnPlaying).use(devicesElsewhere(deps.peers, elsewhere));
  app.use("/hls", first.note, (request, response, next) => {
    // Playlists come first: a player that gets an error for one plays the original.
    if (!request.path.endsWith(".ts")) return plain(request, response, next);
    if (!first.areAwaited(request.path) || asksNothingAnew(request))
      return patient(request, response, next);
    return silent(request, response, next);
  });
  app.use(playheadRoutes(deps));
  app.use(whyRoutes(deps, openFilmOf(deps)));
  app.use(mirroredRoutes(deps, basePath, elsewhere));
  app.use(choiceRoutes(deps));
  app.use(qualityRoutes(deps));
  const script = joinScript();
  app.get("/web.js", (_request, response) => {
    response.setHeader("Cache-Control", "public, max-age=300");
    response.type("text/javascript").send(script);
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
const withoutLeavers = ({ streams, playbacks }: ProxyDeps): ProxyDeps["streams"] => ({
  ...streams,
  noteAsked(id, k, client) {
    if (!playbacks.hasJustLeft(client)) streams.noteAsked(id, k, client);
  },
});

/** mpv-shim takes an error for the end of the film; it is sent back by remote control. */
const asksNothingAnew = (request: Request): boolean => /mpv/i.test(request.get("user-agent") ?? "");

const noSniff: RequestHandler = (_request, response, next) => {
  response.setHeader("X-Content-Type-Options", "nosniff");
  next();
};
